#include "print.h"
#include "table.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "beredd/base/text.h"

namespace beredd::beredctl {
namespace {

using base::for_terminal;

Paint paint_of_custody(std::string_view custody) {
  return custody == "fallback" ? Paint::doubtful : Paint::plain;
}

std::string until_text(const api::Ticket& ticket) {
  if (!ticket.pending_until) return {};
  return " until " + base::local_time(*ticket.pending_until);
}

// "anna", and who is answering it when that is another.
std::string whose(const api::Ticket& ticket) {
  const std::string assignee = ticket.assignee.empty() ? "-" : ticket.assignee;
  if (!ticket.lease) return assignee;
  if (ticket.lease->holder == ticket.assignee) return assignee + " (answering)";
  return fmt::format("{} ({} answering)", assignee, ticket.lease->holder);
}

}  // namespace

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string tickets_text(const std::vector<api::Ticket>& tickets, const Style& style) {
  if (tickets.empty()) return "No tickets.\n";
  // Where nothing is promised, no column speaks of it; nor where all are of one line or priority.
  const auto any = [&](auto of) { return std::any_of(tickets.begin(), tickets.end(), of); };
  const bool dues = any([](const api::Ticket& ticket) { return ticket.due.has_value(); });
  const bool lines = any([](const api::Ticket& ticket) { return ticket.line != 1; });
  const bool ranks = any([](const api::Ticket& ticket) { return ticket.priority != "normal"; });
  std::vector<Column> columns = {{"ID", Align::right}, {"UPDATED"}};
  if (dues) columns.push_back({"DUE"});
  for (const char* title : {"DESK", "STATE", "CUSTODY"}) columns.push_back({title});
  if (lines) columns.push_back({"LINE", Align::right});
  if (ranks) columns.push_back({"PRIORITY"});
  columns.push_back({"ASSIGNEE"});
  columns.push_back({"FROM", Align::left, true});
  columns.push_back({"SUBJECT", Align::left, true});
  Table table(std::move(columns));
  for (const api::Ticket& ticket : tickets) {
    const api::Person& from = ticket.requester;
    std::vector<Cell> row = {{std::to_string(ticket.id), Paint::strong},
                             when(ticket.updated, style.now)};
    if (dues) {
      row.push_back(
          {ticket.due ? due_words(ticket.due, style.now) : "-", paint_of(ticket.due, style.now)});
    }
    row.push_back(ticket.desk);
    row.push_back({ticket.undelivered ? ticket.state + ", undelivered" : ticket.state,
                   ticket.undelivered ? Paint::bad : Paint::plain});
    row.push_back({ticket.custody, paint_of_custody(ticket.custody)});
    if (lines) row.push_back(std::to_string(ticket.line));
    if (ranks) {
      row.push_back({ticket.priority, ticket.priority == "urgent" ? Paint::bad : Paint::plain});
    }
    row.push_back(whose(ticket));
    row.push_back(from.name.empty() ? from.address : from.name);
    row.push_back(ticket.subject);
    table.add(std::move(row));
  }
  return table.text(style);
}

std::string ticket_text(const api::Ticket& ticket, const Style& style) {
  std::string out = painted(style, Paint::strong,
                            for_terminal(fmt::format("Ticket {}  {}", ticket.id, ticket.subject)));
  out += '\n';
  Table block({{""}, {""}});
  block.add({{"desk", Paint::faint}, ticket.desk});
  block.add({{"state", Paint::faint},
             fmt::format("{}{}, priority {}, line {}, assigned to {}", ticket.state,
                         until_text(ticket), ticket.priority, ticket.line,
                         ticket.assignee.empty() ? "nobody" : ticket.assignee)});
  block.add({{"custody", Paint::faint}, {ticket.custody, paint_of_custody(ticket.custody)}});
  block.add({{"requester", Paint::faint}, person_text(ticket.requester)});
  block.add({{"created", Paint::faint}, base::local_time(ticket.created)});
  block.add({{"updated", Paint::faint}, base::local_time(ticket.updated)});
  if (ticket.due) {
    block.add({{"due", Paint::faint},
               {fmt::format("{} ({}), {}", base::local_time(ticket.due->at), ticket.due->measure,
                            due_words(ticket.due, style.now)),
                paint_of(ticket.due, style.now)}});
  }
  for (const api::ServiceEvent& one : ticket.crossed.value_or(std::vector<api::ServiceEvent>())) {
    const bool breach = one.kind == "breach";
    block.add({{one.kind, Paint::faint},
               {fmt::format("{} ({})", base::local_time(one.at), one.measure),
                breach ? Paint::bad : Paint::doubtful}});
  }
  if (ticket.undelivered) {
    block.add({{"undelivered", Paint::faint}, {"a mail of it did not arrive", Paint::bad}});
  }
  const auto add = [&](std::string_view key, std::string text) {
    if (!text.empty()) block.add({{std::string(key), Paint::faint}, std::move(text)});
  };
  add("linked to", fmt::format("{}", fmt::join(ticket.linked, ", ")));
  add("merged from", fmt::format("{}", fmt::join(ticket.merged, ", ")));
  add("replies to", ticket.reply_address);
  if (ticket.lease) {
    add("answering",
        fmt::format("{}, until {}", ticket.lease->holder, base::local_time(ticket.lease->until)));
  }
  for (const auto& field : ticket.fields.value_or(std::vector<api::CustomField>())) {
    add(field.name, field.value);
  }
  add("for team", ticket.team.value_or(""));
  add("language", ticket.language.value_or(""));
  if (ticket.notice) add("notice", notice_words(*ticket.notice, style.now));
  if (!ticket.tags.empty()) {
    block.add({{"tags", Paint::faint}, fmt::format("{}", fmt::join(ticket.tags, ", "))});
  }
  Style uncut = style;
  uncut.columns = 0;
  out += block.rows(uncut, "  ");
  for (const api::Message& message : ticket.messages.value_or(std::vector<api::Message>())) {
    out += '\n';
    out += letter_text(message, style);
  }
  if (ticket.history) out += ticket_history_text(*ticket.history, style);
  return out;
}

}  // namespace beredd::beredctl
