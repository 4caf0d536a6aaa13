#pragma once
// The full-screen desk without a terminal: what is on it, and what each key and each answer of the
// daemon does to it. Pure: whoever runs it carries out the wishes and tells what came of them.

#include "desk_screen.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "beredd/api/primary.h"
#include "beredd/api/ticket.h"

namespace beredd::beredctl {

// A key as it was pressed; text comes a character at a time.
enum class Key { up, down, page_up, page_down, home, end, enter, escape, backspace, redraw, other };
struct Pressed {
  Key key = Key::other;
  std::string text = {};  // of Key::other: one character in UTF-8
};

// What the daemon is to be asked, or what is to be run.
struct LoadQueue {
  std::string query;  // of GET /v1/tickets
};
struct LoadTicket {
  std::uint64_t id = 0;
};
// One of beredctl's own commands. `talks`: it has the terminal to itself (an editor, a question);
// else what it prints is told in one line.
struct RunCommand {
  std::vector<std::string> arguments;
  bool talks = false;
};
struct Redraw {};
struct Quit {};
using Wish = std::variant<LoadQueue, LoadTicket, RunCommand, Redraw, Quit>;
using Wishes = std::vector<Wish>;

// What can be done to a ticket, by the key for it; only what this beredctl has a command for.
enum class Action { reply, note, assign, state };

class DeskModel {
 public:
  enum class View { queue, ticket, help };
  enum class Asking { nothing, assignee, state, search };

  // `desk`: the only one that is shown; empty: all.
  DeskModel(std::string desk, std::set<Action> actions)
      : desk_(std::move(desk)), actions_(std::move(actions)) {}

  Wishes begin() const { return {reload()}; }
  Wishes press(const Pressed& pressed);
  void resize(Size size);

  // --- answers
  void loaded(std::vector<api::Ticket> queue);
  void loaded(api::Ticket ticket);
  void loaded(api::Status status) { status_ = std::move(status); }
  void say(std::string words) { words_ = std::move(words); }  // until the next key
  Wishes changed() const;                                     // something was written, by whomever
  void set_connected(bool connected) { connected_ = connected; }

  // --- what the view shows
  Size size() const { return size_; }
  View view() const { return view_; }
  Asking asking() const { return asking_; }
  const std::string& desk() const { return desk_; }
  const std::set<Action>& actions() const { return actions_; }
  const std::vector<api::Ticket>& queue() const { return queue_; }
  std::size_t chosen() const { return chosen_; }
  // The first of them in sight: of the queue, of the ticket's lines.
  std::size_t queue_top() const { return queue_top_; }
  std::size_t top() const { return top_; }
  const std::optional<api::Ticket>& ticket() const { return ticket_; }
  const std::optional<api::Status>& status() const { return status_; }
  const std::string& typed() const { return typed_; }
  const std::string& words() const { return words_; }
  const std::string& search() const { return search_; }
  bool by_due() const { return by_due_; }
  bool connected() const { return connected_; }
  std::size_t room() const;  // rows between the bars

 private:
  Wish reload() const;
  Wishes press_queue(const Pressed& pressed);
  Wishes press_ticket(const Pressed& pressed);
  Wishes press_asking(const Pressed& pressed);
  Wishes press_anywhere(const Pressed& pressed);
  Wishes act(const std::string& key);
  Wishes answer_question();
  Wishes step_to(std::size_t place);
  void move(std::ptrdiff_t by, std::size_t count);
  void choose(std::size_t place);
  void scroll(std::ptrdiff_t by);
  void keep_in_sight();
  std::optional<std::uint64_t> subject() const;  // the ticket that a key is about

  std::string desk_;
  std::set<Action> actions_;
  Size size_;
  View view_ = View::queue;
  View behind_help_ = View::queue;
  Asking asking_ = Asking::nothing;
  std::string typed_, words_, search_;
  bool by_due_ = false, connected_ = true;
  std::vector<api::Ticket> queue_;
  std::size_t chosen_ = 0, queue_top_ = 0, top_ = 0;
  std::optional<api::Ticket> ticket_;
  std::optional<api::Status> status_;
};

}  // namespace beredd::beredctl
