#include "answers.h"
#include "handlers.h"
#include "views.h"

#include <fmt/format.h>

#include "beredd/service/outgoing.h"

namespace beredd::control {
namespace {

// More than this is "many" to anyone who looks.
constexpr std::size_t kMostUnsorted = 100'000;

base::Status add_counts(const store::ReadTxn& txn, const service::Indexing* indexing,
                        api::Status& status) {
  status.messages = txn.message_count();
  status.tickets = txn.ticket_count();
  status.unsorted += txn.unsorted(base::MessageId(), kMostUnsorted).size();
  const store::DueCounts due = txn.due_counts(status.now);
  status.due = due.running;
  status.due_soon = due.soon;
  status.overdue = due.overdue;
  if (indexing != nullptr) status.unindexed = indexing->behind(txn);
  const store::DeliveryCounts ours = txn.counts(service::kOutgoing);
  status.outgoing.waiting = ours.waiting();
  status.outgoing.quarantined = ours.quarantined;
  status.outgoing.oldest = txn.oldest_waiting(service::kOutgoing);
  return {};
}

// What the desk has written and has not left.
base::Status set_outgoing_gauges(const store::ReadTxn& txn, base::Metrics& metrics) {
  const store::DeliveryCounts counts = txn.counts(service::kOutgoing);
  const auto set = [&](std::string_view state, std::uint64_t count) {
    metrics.gauge("beredd_outgoing", "Mails of the desk, by state", base::label("state", state))
        .set(static_cast<std::int64_t>(count));
  };
  set("waiting", counts.waiting());
  set("quarantined", counts.quarantined);
  set("taken", counts.acknowledged);
  return {};
}

void set_gauges(base::Metrics& metrics, const service::HandbackView& view, base::Instant now) {
  const auto set = [&](store::DeliveryState state, std::uint64_t count) {
    const std::string labels = fmt::format("{},{}", base::label("primary", view.primary),
                                           base::label("state", store::name(state)));
    metrics.gauge("beredd_deliveries", "Messages on their way to a primary, by state", labels)
        .set(static_cast<std::int64_t>(count));
  };
  using enum store::DeliveryState;
  set(held, view.counts.held);
  set(queued, view.counts.queued);
  set(offered, view.counts.offered);
  set(acknowledged, view.counts.acknowledged);
  set(proven, view.counts.proven);
  set(quarantined, view.counts.quarantined);
  set(suppressed, view.counts.suppressed);
  set(expired, view.counts.expired);
  const auto age = view.oldest ? now - *view.oldest : base::Duration::zero();
  metrics
      .gauge("beredd_oldest_waiting_seconds", "Age of the oldest message that waits, 0 without one",
             base::label("primary", view.primary))
      .set(std::chrono::duration_cast<std::chrono::seconds>(age).count());
}

}  // namespace

Answer show_status(const Services& services, Call) {
  service::Context& context = services.context;
  api::Status status;
  status.node = context.config->node.name;
  status.version = services.version;
  status.now = context.clock.now();
  status.room = context.store.room();
  const auto views = services.handback.status();
  if (!views) co_return problem(views.error());
  for (const service::HandbackView& view : *views) {
    status.primaries.push_back(
        {primary_view(services.modes.standing(view.primary)), handback_view(view)});
    if (view.oldest && (!status.oldest_held || *view.oldest < *status.oldest_held)) {
      status.oldest_held = view.oldest;
    }
  }
  // Before the tables are read, so that no mail is in neither.
  status.unsorted = context.store.unsettled_messages();
  const auto read = context.store.read([&](const store::ReadTxn& txn) {
    add_notices(txn, *context.config, status);
    return add_counts(txn, services.indexing, status);
  });
  if (!read) co_return problem(read.error());
  status.outgoing.possible = services.answers != nullptr && services.answers->possible();
  co_return answer(status);
}

// Depths are read when a scraper asks; what counts up, counts by itself.
Answer metrics_text(const Services& services, Call) {
  service::Context& context = services.context;
  const auto views = services.handback.status();
  if (!views) co_return problem(views.error());
  for (const service::HandbackView& view : *views) {
    set_gauges(context.metrics, view, context.clock.now());
  }
  const auto read = context.store.read(
      [&](const store::ReadTxn& txn) { return set_outgoing_gauges(txn, context.metrics); });
  if (!read) co_return problem(read.error());
  context.metrics.gauge("beredd_room_bytes", "Free bytes for further mail")
      .set(static_cast<std::int64_t>(context.store.room().count()));
  co_return HttpResponse{200, "text/plain; version=0.0.4", context.metrics.text(), {}};
}

}  // namespace beredd::control
