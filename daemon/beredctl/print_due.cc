#include "print.h"
#include "table.h"

#include <fmt/format.h>

namespace beredd::beredctl {

std::string due_words(const std::optional<api::Due>& due, base::Instant now) {
  if (!due) return {};
  if (due->at > now) return "in " + age(now, due->at);
  return age(due->at, now) + " late";
}

Paint paint_of(const std::optional<api::Due>& due, base::Instant now) {
  if (!due) return Paint::plain;
  if (due->at <= now) return Paint::bad;
  return due->warning <= now ? Paint::doubtful : Paint::plain;
}

std::string events_text(const std::vector<api::ServiceEvent>& events, const Style& style) {
  if (events.empty()) return "No deadline came near.\n";
  Table table({{"SEQ", Align::right}, {"AT"}, {"TICKET", Align::right}, {"EVENT"}, {"MEASURE"}});
  for (const api::ServiceEvent& event : events) {
    const bool breach = event.kind == "breach";
    table.add({std::to_string(event.seq),
               when(event.at, style.now),
               {std::to_string(event.ticket), Paint::strong},
               {event.kind, breach ? Paint::bad : Paint::doubtful},
               event.measure});
  }
  return table.text(style);
}

}  // namespace beredd::beredctl
