#include "print.h"
#include "table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace beredd::beredctl {

std::string outgoing_text(const std::vector<api::OutgoingItem>& items, const Style& style) {
  if (items.empty()) return "All mails of the desk have left.\n";
  Table table({{"MID", Align::right},
               {"TICKET", Align::right},
               {"STATE"},
               {"TRIES", Align::right},
               {"WRITTEN"},
               {"NEXT"},
               {"TO", Align::left, true},
               {"WHY", Align::left, true}});
  for (const api::OutgoingItem& item : items) {
    std::vector<std::string> to;
    for (const api::Person& one : item.to) to.push_back(one.address);
    const bool stuck = item.state == "quarantined";
    const bool soon = item.due && *item.due <= style.now;
    table.add({{std::to_string(item.message), Paint::strong},
               std::to_string(item.ticket),
               {item.state, stuck ? Paint::bad : Paint::doubtful},
               std::to_string(item.attempts),
               when(item.since, style.now),
               soon       ? "now"
               : item.due ? when(*item.due, style.now)
                          : "by hand",
               fmt::format("{}", fmt::join(to, ", ")),
               item.words.empty() ? "-" : item.words});
  }
  return table.text(style);
}

}  // namespace beredd::beredctl
