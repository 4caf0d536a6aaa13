#include "print.h"
#include "table.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::beredctl {
namespace {

bool is_of_a_delivery(std::string_view what) {
  constexpr std::array<std::string_view, 10> kWords = {
      "enqueued", "held",     "queued",  "offered", "acknowledged",
      "proven",   "deferred", "retried", "sorted",  "part"};
  return std::ranges::find(kWords, what) != kWords.end();
}

}  // namespace

std::string ticket_history_text(const std::vector<api::HistoryEntry>& history, const Style& style) {
  Table table({{""}, {""}, {""}, {"", Align::left, true}});
  bool any = false;
  for (const api::HistoryEntry& entry : history) {
    if (is_of_a_delivery(entry.what)) continue;
    any = true;
    std::string detail = entry.detail;
    if (entry.message) {
      detail = fmt::format("message {}{}{}", *entry.message, detail.empty() ? "" : ": ", detail);
    }
    table.add({{base::local_time(entry.at), Paint::faint},
               entry.who.empty() ? "-" : entry.who,
               entry.what,
               std::move(detail)});
  }
  if (!any) return {};
  Style uncut = style;
  uncut.columns = 0;
  return "\n" + painted(style, Paint::strong, "History") + "\n" + table.rows(uncut, "  ");
}

std::string undone_text(const api::Undone& undone, const Style&) {
  std::string out =
      fmt::format("{} as before \"{}\" of {}.\n", counted(undone.tickets.size(), "ticket"),
                  base::for_terminal(undone.what), base::local_time(undone.at));
  for (const api::LeftTicket& left : undone.left) {
    out += fmt::format("Ticket {} stays as it is: {}.\n", left.id, base::for_terminal(left.why));
  }
  return out;
}

}  // namespace beredd::beredctl
