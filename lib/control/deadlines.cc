// What is due, what was crossed, and waiting for changes.

#include "answers.h"
#include "handlers.h"
#include "views.h"

#include <algorithm>

#include <fmt/format.h>

#include "beredd/service/changes.h"

namespace beredd::control {
namespace {

constexpr base::Duration kMostPatience = std::chrono::seconds(60);

api::ServiceEvent event_view(const store::ServiceEvent& event) {
  const ticket::Crossing& crossing = event.crossing;
  return {event.seq.value(),
          event.ticket.value(),
          std::string(ticket::name(crossing.kind)),
          std::string(ticket::name(crossing.measure)),
          crossing.at,
          crossing.began,
          event.noticed};
}

// "0" is the journal's beginning.
base::Result<base::JournalSeq> after_of(const Call& call) {
  const std::string text = word(call, "after");
  if (text.empty() || text == "0") return base::JournalSeq();
  const auto value = number(text, "number of a journal entry");
  if (!value) return value.error();
  return base::JournalSeq(*value);
}

base::Result<base::Duration> patience_of(const Call& call) {
  const std::string text = word(call, "wait");
  if (text.empty()) return base::Duration();
  const auto wait = base::parse_duration(text);
  if (!wait || *wait > kMostPatience) {
    return base::permanent(base::Code::invalid, fmt::format("wait: \"{}\" is no duration up to {}",
                                                            text, base::to_string(kMostPatience)));
  }
  return *wait;
}

}  // namespace

base::Status add_due(api::Ticket& view, const store::ReadTxn& txn, base::Instant now) {
  const auto deadlines = txn.deadlines(base::TicketId(view.id));
  if (!deadlines) return deadlines.error();
  if (!*deadlines || !(*deadlines)->due) return {};
  const store::Due& due = *(*deadlines)->due;
  view.due = api::Due{due.at, due.warning, std::string(ticket::name(due.measure)), due.at <= now};
  return {};
}

base::Status add_crossed(api::Ticket& view, const store::ReadTxn& txn) {
  const auto deadlines = txn.deadlines(base::TicketId(view.id));
  if (!deadlines) return deadlines.error();
  auto& crossed = view.crossed.emplace();
  if (!*deadlines) return {};
  for (const ticket::Crossing& one : (*deadlines)->crossed) {
    store::ServiceEvent event{{}, base::TicketId(view.id), one, one.at};
    crossed.push_back(event_view(event));
  }
  return {};
}

Answer list_events(const Services& services, Call call) {
  const auto after = after_of(call);
  if (!after) co_return problem(after.error());
  const auto limit = count(call, "limit", 100);
  if (!limit) co_return problem(limit.error());
  std::vector<api::ServiceEvent> views;
  const auto read = services.context.store.read([&](const store::ReadTxn& txn) -> base::Status {
    const auto events = txn.service_events(*after, *limit);
    if (!events) return events.error();
    for (const store::ServiceEvent& event : *events) views.push_back(event_view(event));
    return {};
  });
  if (!read) co_return problem(read.error());
  co_return answer(views);
}

Answer await_changes(const Services& services, Call call) {
  const auto after = after_of(call);
  if (!after) co_return problem(after.error());
  const auto patience = patience_of(call);
  if (!patience) co_return problem(patience.error());
  if (services.changes == nullptr) {
    co_return problem(base::transient(base::Code::unreachable, "nobody tells of changes"));
  }
  const auto last = co_await services.changes->beyond(*after, *patience);
  if (!last) co_return problem(last.error());
  co_return answer(api::Changes{last->value()});
}

}  // namespace beredd::control
