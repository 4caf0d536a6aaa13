#include "desk_model.h"

#include "client.h"
#include "desk_view.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::beredctl {
namespace {

constexpr std::size_t kBars = 4;     // above and below what is listed
constexpr std::size_t kMost = 500;   // tickets in the queue
constexpr std::size_t kTyped = 200;  // bytes of an answer to a question

}  // namespace

std::size_t DeskModel::room() const { return size_.rows > kBars ? size_.rows - kBars : 1; }

void DeskModel::resize(Size size) {
  size_ = size;
  keep_in_sight();
  scroll(0);
}

// --- answers ------------------------------------------------------------------------------------

void DeskModel::loaded(std::vector<api::Ticket> queue) {
  const std::uint64_t before = chosen_ < queue_.size() ? queue_[chosen_].id : 0;
  queue_ = std::move(queue);
  const auto same = std::find_if(queue_.begin(), queue_.end(),
                                 [&](const api::Ticket& one) { return one.id == before; });
  if (same != queue_.end()) {
    chosen_ = static_cast<std::size_t>(same - queue_.begin());
  } else {
    choose(chosen_);
  }
  keep_in_sight();
}

void DeskModel::loaded(api::Ticket ticket) {
  const bool another = !ticket_ || ticket_->id != ticket.id || view_ == View::queue;
  ticket_ = std::move(ticket);
  if (view_ == View::queue) view_ = View::ticket;
  if (another) top_ = 0;
  scroll(0);
}

Wishes DeskModel::changed() const {
  Wishes wishes = {reload()};
  const View shown = view_ == View::help ? behind_help_ : view_;
  if (shown == View::ticket && ticket_) wishes.push_back(LoadTicket{ticket_->id});
  return wishes;
}

Wish DeskModel::reload() const {
  std::string query = fmt::format("?limit={}", kMost);
  if (!desk_.empty()) query += "&desk=" + percent_encoded(desk_);
  if (!search_.empty()) query += "&search=" + percent_encoded(search_);
  if (by_due_) query += "&sort=due";
  return LoadQueue{query};
}

// --- keys ---------------------------------------------------------------------------------------

Wishes DeskModel::press(const Pressed& pressed) {
  if (pressed.key == Key::redraw) return {Redraw{}};
  words_.clear();
  if (asking_ != Asking::nothing) return press_asking(pressed);
  if (view_ == View::help) {
    view_ = behind_help_;
    return {};
  }
  Wishes wishes = view_ == View::queue ? press_queue(pressed) : press_ticket(pressed);
  return wishes.empty() ? press_anywhere(pressed) : wishes;
}

Wishes DeskModel::press_queue(const Pressed& pressed) {
  const auto page = static_cast<std::ptrdiff_t>(room());
  const std::string& text = pressed.text;
  if (pressed.key == Key::up || text == "k") move(-1, queue_.size());
  if (pressed.key == Key::down || text == "j") move(1, queue_.size());
  if (pressed.key == Key::page_up) move(-page, queue_.size());
  if (pressed.key == Key::page_down || text == " ") move(page, queue_.size());
  if (pressed.key == Key::home || text == "g") choose(0);
  if (pressed.key == Key::end || text == "G") choose(queue_.size());
  keep_in_sight();
  if (pressed.key == Key::enter) return step_to(chosen_);
  if (text == "q") return {Quit{}};
  return {};
}

Wishes DeskModel::press_ticket(const Pressed& pressed) {
  const auto page = static_cast<std::ptrdiff_t>(room());
  const std::string& text = pressed.text;
  if (pressed.key == Key::up || text == "k") scroll(-1);
  if (pressed.key == Key::down || text == "j" || pressed.key == Key::enter) scroll(1);
  if (pressed.key == Key::page_up || text == "b") scroll(-page);
  if (pressed.key == Key::page_down || text == " ") scroll(page);
  if (pressed.key == Key::home || text == "g") top_ = 0;
  if (pressed.key == Key::end || text == "G") scroll(1'000'000);
  if (pressed.key == Key::escape || text == "q") {
    view_ = View::queue;
    return {reload()};
  }
  if (text == "n") return step_to(chosen_ + 1);
  if (text == "p") return chosen_ > 0 ? step_to(chosen_ - 1) : Wishes();
  return {};
}

Wishes DeskModel::press_anywhere(const Pressed& pressed) {
  const std::string& text = pressed.text;
  if (text == "?") {
    behind_help_ = view_;
    view_ = View::help;
  } else if (text == "/") {
    asking_ = Asking::search;
    typed_ = search_;
  } else if (text == "d" && view_ == View::queue) {
    by_due_ = !by_due_;
    chosen_ = 0;
    return {reload()};
  } else if (!text.empty()) {
    return act(text);
  }
  return {};
}

std::optional<std::uint64_t> DeskModel::subject() const {
  if (view_ == View::ticket && ticket_) return ticket_->id;
  if (view_ == View::queue && chosen_ < queue_.size()) return queue_[chosen_].id;
  return std::nullopt;
}

Wishes DeskModel::act(const std::string& key) {
  const auto id = subject();
  const auto can = [&](Action action) { return id && actions_.contains(action); };
  const auto talk = [&](const char* verb) -> Wishes {
    return {RunCommand{{"ticket", verb, std::to_string(*id)}, true}};
  };
  const auto ask = [&](Asking asking, std::string typed) {
    asking_ = asking;
    typed_ = std::move(typed);
  };
  if (key == "r" && can(Action::reply)) return talk("reply");
  if (key == "N" && can(Action::note)) return talk("note");
  if (key == "a" && can(Action::assign)) ask(Asking::assignee, {});
  if (key == "s" && can(Action::state)) ask(Asking::state, {});
  if (key == "c" && can(Action::state)) ask(Asking::state, "closed");
  return {};
}

Wishes DeskModel::press_asking(const Pressed& pressed) {
  switch (pressed.key) {
    case Key::enter: return answer_question();
    case Key::escape: asking_ = Asking::nothing; break;
    case Key::backspace:
      while (!typed_.empty() && (static_cast<unsigned char>(typed_.back()) & 0xC0u) == 0x80) {
        typed_.pop_back();
      }
      if (!typed_.empty()) typed_.pop_back();
      break;
    default:
      if (typed_.size() + pressed.text.size() <= kTyped) {
        typed_ += base::for_terminal(pressed.text);
      }
  }
  return {};
}

Wishes DeskModel::answer_question() {
  const Asking asked = std::exchange(asking_, Asking::nothing);
  std::string given(base::trim(typed_));
  if (asked == Asking::search) {
    search_ = std::move(given);
    view_ = View::queue;
    chosen_ = 0;
    return {reload()};
  }
  const auto id = subject();
  if (given.empty() || !id) return {};
  // "pending until 2026-12-01" is several words to the command line, too.
  std::vector<std::string> arguments = {"ticket", asked == Asking::assignee ? "assign" : "state",
                                        std::to_string(*id)};
  if (asked == Asking::assignee) {
    arguments.push_back(std::move(given));
  } else {
    for (const std::string_view word : base::split(given, ' ')) {
      if (!word.empty()) arguments.emplace_back(word);
    }
  }
  return {RunCommand{std::move(arguments), false}};
}

Wishes DeskModel::step_to(std::size_t place) {
  if (place >= queue_.size()) {
    words_ = queue_.empty() ? "There is no ticket here." : "This is the last one.";
    return {};
  }
  choose(place);
  keep_in_sight();
  return {LoadTicket{queue_[place].id}};
}

// --- places -------------------------------------------------------------------------------------

void DeskModel::move(std::ptrdiff_t by, std::size_t count) {
  const auto last = static_cast<std::ptrdiff_t>(count) - 1;
  const auto place = std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(chosen_) + by, 0,
                                                std::max<std::ptrdiff_t>(last, 0));
  chosen_ = static_cast<std::size_t>(place);
}

void DeskModel::choose(std::size_t place) {
  chosen_ = queue_.empty() ? 0 : std::min(place, queue_.size() - 1);
}

void DeskModel::scroll(std::ptrdiff_t by) {
  if (!ticket_) return;
  const std::size_t height = ticket_height(*ticket_, size_.columns);
  const std::ptrdiff_t most = std::max<std::ptrdiff_t>(
      0, static_cast<std::ptrdiff_t>(height) - static_cast<std::ptrdiff_t>(room()));
  top_ = static_cast<std::size_t>(
      std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(top_) + by, 0, most));
}

void DeskModel::keep_in_sight() {
  if (chosen_ < queue_top_) queue_top_ = chosen_;
  if (chosen_ >= queue_top_ + room()) queue_top_ = chosen_ - room() + 1;
}

}  // namespace beredd::beredctl
