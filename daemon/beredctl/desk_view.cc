#include "desk_view.h"

#include "print.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "beredd/base/text.h"

namespace beredd::beredctl {
namespace {

using base::for_terminal;
using Asking = DeskModel::Asking;
using View = DeskModel::View;

constexpr std::size_t kId = 6, kState = 7, kDue = 11, kWho = 9, kFrom = 16, kLeast = 10;

// `left` and `right` at the ends of one reversed line.
Line bar(std::string_view left, std::string_view right, std::size_t columns) {
  const std::size_t room = columns > display_width(right) ? columns - display_width(right) : 0;
  Line line;
  line.reversed = true;
  line.add(fitted(left, room)).add(cut(right, columns - room));
  return line;
}

std::string counts_of(const DeskModel& model) {
  std::string text = counted(model.queue().size(), "ticket");
  if (!model.search().empty()) text += fmt::format(" with \"{}\"", for_terminal(model.search()));
  if (model.by_due()) text += ", by due";
  if (const auto& status = model.status()) {
    if (status->overdue > 0) text += fmt::format("  {} overdue", status->overdue);
    if (status->due_soon > 0) text += fmt::format("  {} due soon", status->due_soon);
  }
  return text;
}

// The primary in the worst mode: why this screen is looked at at all.
std::string mode_of(const DeskModel& model) {
  if (!model.connected()) return "NOT CONNECTED ";
  if (!model.status()) return {};
  for (const api::PrimaryOverview& primary : model.status()->primaries) {
    if (primary.failover.mode == "normal") continue;
    return fmt::format("{}: {} ", for_terminal(primary.failover.primary),
                       for_terminal(primary.failover.mode));
  }
  return "normal ";
}

Line heading(const DeskModel& model) {
  const std::string desk = model.desk().empty() ? "all desks" : for_terminal(model.desk());
  return bar(fmt::format(" {}  {}", desk, counts_of(model)), mode_of(model), model.size().columns);
}

// --- the queue ----------------------------------------------------------------------------------

std::string last_column(std::string_view text, std::size_t columns) {
  constexpr std::size_t kBefore = kId + kState + kDue + kWho + kFrom + 5;
  return fitted(text, columns > kBefore + kLeast ? columns - kBefore : kLeast);
}

Line titles(std::size_t columns) {
  Line line;
  line.add(
      fmt::format("{:>{}} {} {} {} {} {}", "ID", kId, fitted("STATE", kState), fitted("DUE", kDue),
                  fitted("WHO", kWho), fitted("FROM", kFrom), last_column("SUBJECT", columns)),
      Paint::faint);
  return line;
}

Line row(const api::Ticket& ticket, bool chosen, std::size_t columns, base::Instant now) {
  const api::Person& from = ticket.requester;
  const std::string who = ticket.assignee.empty() ? "-" : for_terminal(ticket.assignee);
  Line line;
  line.reversed = chosen;
  line.add(fmt::format("{:>{}} ", ticket.id, kId), Paint::strong);
  line.add(fitted(ticket.undelivered ? "BOUNCED" : for_terminal(ticket.state), kState) + " ",
           ticket.undelivered ? Paint::bad : Paint::plain);
  line.add(fitted(due_words(ticket.due, now), kDue) + " ", paint_of(ticket.due, now));
  line.add(fitted(who, kWho) + " ");
  line.add(fitted(for_terminal(from.name.empty() ? from.address : from.name), kFrom) + " ");
  line.add(last_column(for_terminal(ticket.subject), columns));
  return line;
}

std::vector<Line> queue_lines(const DeskModel& model, base::Instant now) {
  std::vector<Line> lines = {titles(model.size().columns)};
  const auto& queue = model.queue();
  const std::size_t end = std::min(queue.size(), model.queue_top() + model.room());
  for (std::size_t n = model.queue_top(); n < end; ++n) {
    lines.push_back(row(queue[n], n == model.chosen(), model.size().columns, now));
  }
  if (queue.empty()) {
    lines.emplace_back().add(model.search().empty()
                                 ? (model.by_due() ? "  Nothing is due." : "  No tickets.")
                                 : "  Nothing was found.");
  }
  return lines;
}

// --- the ticket ---------------------------------------------------------------------------------

Line plain_line(std::string text, Paint paint = Paint::plain) {
  Line line;
  line.add(std::move(text), paint);
  return line;
}

void add_wrapped(std::vector<Line>& lines, std::string_view text, std::size_t columns,
                 Paint paint = Paint::plain) {
  for (std::string& one : wrapped(text, columns))
    lines.push_back(plain_line(std::move(one), paint));
}

std::string heading_of(const api::Message& message) {
  const std::string from =
      message.from.empty() ? std::string("nobody") : person_text(message.from.front());
  const std::string when = base::local_time(message.received).substr(0, 16);
  if (message.direction == "note") {
    return fmt::format("{}  note by {}", when, message.author.value_or("somebody"));
  }
  if (is_notice(message)) return when + "  automatic notice";
  if (message.direction == "out") {
    return fmt::format("{}  answer by {}", when, message.author.value_or(from));
  }
  return fmt::format("{}  {}", when, from);
}

void add_message(std::vector<Line>& lines, const api::Message& message, std::size_t columns) {
  lines.emplace_back();
  add_wrapped(lines, "--- " + heading_of(message), columns, Paint::strong);
  for (const std::string& defect : message.defects) {
    add_wrapped(lines, "  (" + defect + ")", columns, Paint::doubtful);
  }
  std::string_view text = message.text ? std::string_view(*message.text) : std::string_view();
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  add_wrapped(lines, text, columns);
  for (const api::Attachment& file : message.attachments) {
    add_wrapped(lines,
                fmt::format("  [{}] {} ({}, {})", file.index,
                            file.name.empty() ? "without a name" : file.name, file.type,
                            base::for_people(file.size)),
                columns, Paint::faint);
  }
}

std::vector<Line> ticket_text(const api::Ticket& ticket, std::size_t columns) {
  std::vector<Line> lines;
  add_wrapped(lines, "from " + person_text(ticket.requester), columns);
  if (!ticket.tags.empty()) {
    add_wrapped(lines, fmt::format("tags {}", fmt::join(ticket.tags, ", ")), columns);
  }
  for (const api::ServiceEvent& one : ticket.crossed.value_or(std::vector<api::ServiceEvent>())) {
    const bool breach = one.kind == "breach";
    add_wrapped(lines,
                fmt::format("{} {} {}", one.measure, breach ? "was due" : "was near its end",
                            base::local_time(one.at).substr(0, 16)),
                columns, breach ? Paint::bad : Paint::doubtful);
  }
  for (const api::Message& message : ticket.messages.value_or(std::vector<api::Message>())) {
    add_message(lines, message, columns);
  }
  return lines;
}

Line facts_of(const api::Ticket& ticket, std::size_t columns, base::Instant now) {
  const std::string due = due_words(ticket.due, now);
  const std::string facts = for_terminal(fmt::format(
      "{}, {}, line {}, {}", ticket.state, ticket.priority, ticket.line,
      ticket.assignee.empty() ? "assigned to nobody" : "assigned to " + ticket.assignee));
  if (due.empty()) return plain_line(cut(facts, columns), Paint::faint);
  Line line;
  line.add(cut(facts + ", ", columns), Paint::faint);
  const std::size_t left = columns - std::min(columns, display_width(facts) + 2);
  line.add(cut(fmt::format("{} {}", ticket.due->measure, due), left), paint_of(ticket.due, now));
  return line;
}

std::vector<Line> ticket_lines(const DeskModel& model, base::Instant now) {
  if (!model.ticket()) return {};
  const std::size_t columns = model.size().columns;
  std::vector<Line> lines = {facts_of(*model.ticket(), columns, now)};
  std::vector<Line> text = ticket_text(*model.ticket(), columns);
  const std::size_t end = std::min(text.size(), model.top() + model.room());
  for (std::size_t n = model.top(); n < end; ++n) lines.push_back(std::move(text[n]));
  return lines;
}

// --- the bars below -----------------------------------------------------------------------------

std::string question_of(Asking asking) {
  switch (asking) {
    case Asking::assignee: return "Assign to: ";
    case Asking::state: return "State (open, pending, solved, closed): ";
    case Asking::search: return "Search: ";
    case Asking::nothing: break;
  }
  return {};
}

std::string hints_of(const DeskModel& model) {
  std::string text = " ";
  for (const auto& [key, does] : keys_of(model)) {
    if (does.find(' ') != std::string::npos) continue;  // told by help alone
    text += fmt::format("{} {}  ", key, does);
  }
  return text;
}

std::vector<Line> help_lines(const DeskModel& model) {
  std::vector<Line> lines = {plain_line("Keys", Paint::strong)};
  for (const auto& [key, does] : keys_of(model)) {
    lines.push_back(
        plain_line(fitted(fmt::format("  {:<12} {}", key, does), model.size().columns)));
  }
  return lines;
}

}  // namespace

std::size_t ticket_height(const api::Ticket& ticket, std::size_t columns) {
  return ticket_text(ticket, columns).size();
}

std::vector<std::pair<std::string, std::string>> keys_of(const DeskModel& model) {
  const bool queue = model.view() != View::ticket;
  std::vector<std::pair<std::string, std::string>> keys;
  const auto can = [&](Action action) { return model.actions().contains(action); };
  if (queue) keys.emplace_back("Enter", "open");
  if (!queue) keys.emplace_back("n", "next");
  if (can(Action::reply)) keys.emplace_back("r", "answer");
  if (can(Action::note)) keys.emplace_back("N", "note");
  if (can(Action::assign)) keys.emplace_back("a", "assign");
  if (can(Action::state)) keys.emplace_back("c", "close");
  if (can(Action::state)) keys.emplace_back("s", "set the state");
  keys.emplace_back("/", "search");
  if (queue) keys.emplace_back("d", model.by_due() ? "the newest first" : "what is due first");
  keys.emplace_back("?", "help");
  keys.emplace_back("q", queue ? "quit" : "back");
  keys.emplace_back("j k", "down and up, as the arrows do");
  keys.emplace_back("Space", "a page on; PgUp a page back; g G to the ends");
  if (queue) keys.emplace_back("n p", "in a ticket: the next one, the one before");
  if (!queue) keys.emplace_back("p", "the ticket before");
  keys.emplace_back("Ctrl-L", "draw the screen anew");
  return keys;
}

Screen screen_of(const DeskModel& model, base::Instant now) {
  const Size size = model.size();
  Screen screen;
  screen.size = size;
  screen.cursor_row = size.rows;
  const bool ticket = model.view() == View::ticket && model.ticket();
  screen.lines.push_back(ticket ? bar(for_terminal(fmt::format(" Ticket {}  {}", model.ticket()->id,
                                                               model.ticket()->subject)),
                                      mode_of(model), size.columns)
                                : heading(model));
  std::vector<Line> body = model.view() == View::help ? help_lines(model)
                           : ticket                   ? ticket_lines(model, now)
                                                      : queue_lines(model, now);
  for (Line& line : body) screen.lines.push_back(std::move(line));
  screen.lines.resize(std::max<std::size_t>(size.rows, 4) - 2);
  const std::string question = question_of(model.asking());
  if (question.empty()) {
    screen.lines.push_back(plain_line(cut(for_terminal(model.words()), size.columns)));
  } else {
    const std::string typed = for_terminal(model.typed());
    screen.cursor_row = screen.lines.size();
    screen.cursor_column =
        std::min(size.columns - 1, display_width(question) + display_width(typed));
    screen.lines.push_back(plain_line(cut(question + typed, size.columns)));
  }
  screen.lines.push_back(bar(hints_of(model), "", size.columns));
  screen.lines.resize(size.rows);
  return screen;
}

}  // namespace beredd::beredctl
