#include "beredd/service/handback.h"

#include <algorithm>
#include <utility>

#include "beredd/base/log.h"

namespace beredd::service {

using base::Result;
using base::Status;

namespace {

constexpr base::Duration kRateWindow = std::chrono::seconds(10);

Status known(const Context& context, std::string_view primary) {
  if (context.config->primary_named(primary) != nullptr) return {};
  return base::permanent(base::Code::not_found,
                         fmt::format("no primary is called \"{}\"", primary));
}

}  // namespace

Handback::Handback(Context& context, Modes& modes) : context_(context), modes_(modes) {}

void Handback::subscribe(std::function<void(std::string_view)> told) {
  told_.push_back(std::move(told));
}

void Handback::acknowledged(std::string_view primary) {
  const auto now = context_.clock.now();
  const std::lock_guard lock(mutex_);
  auto& recent = recent_.try_emplace(std::string(primary)).first->second;
  recent.push_back(now);
  std::erase_if(recent, [&](base::Instant at) { return now - at > kRateWindow; });
}

Result<std::vector<HandbackView>> Handback::status() const {
  std::vector<HandbackView> views;
  const auto now = context_.clock.now();
  auto read = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    for (const config::Primary& primary : context_.config->primaries) {
      HandbackView view;
      view.primary = primary.name;
      view.counts = txn.counts(primary.name);
      view.oldest = txn.oldest_waiting(primary.name);
      const store::Switches switches = txn.switches(primary.name);
      view.paused = switches.paused;
      view.needs_run = primary.start == config::HandbackStart::manual && !switches.released &&
                       modes_.mode(primary.name) == failover::Mode::probation;
      const std::lock_guard lock(mutex_);
      if (auto recent = recent_.find(primary.name); recent != recent_.end()) {
        const auto fresh = std::count_if(recent->second.begin(), recent->second.end(),
                                         [&](base::Instant at) { return now - at <= kRateWindow; });
        view.rate = static_cast<double>(fresh) /
                    static_cast<double>(
                        std::chrono::duration_cast<std::chrono::seconds>(kRateWindow).count());
      }
      views.push_back(std::move(view));
    }
    return {};
  });
  if (!read) return read.error();
  return views;
}

Result<Plan> Handback::plan(std::string_view primary, std::size_t limit) const {
  if (auto exists = known(context_, primary); !exists) return exists.error();
  Plan plan;
  plan.primary = primary;
  auto read = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    plan.messages = txn.counts(primary).waiting();
    const auto everything = base::Instant::max();
    auto lanes = txn.lanes(primary, everything, limit, [](base::TicketId) { return false; });
    if (!lanes) return lanes.error();
    for (const store::Lane& lane : *lanes) {
      auto ticket = txn.ticket(lane.ticket);
      if (!ticket) return ticket.error();
      PlannedTicket planned{lane.ticket, ticket->subject, {}, {}};
      for (const base::MessageId id : txn.messages_of(lane.ticket)) {
        auto delivery = txn.delivery(id, primary);
        if (!delivery) return delivery.error();
        if (!*delivery || ((*delivery)->state != store::DeliveryState::held &&
                           (*delivery)->state != store::DeliveryState::queued)) {
          continue;
        }
        auto message = txn.message(id);
        if (!message) return message.error();
        planned.messages.push_back(id);
        planned.size = planned.size + message->body.size;
      }
      plan.tickets.push_back(std::move(planned));
    }
    return {};
  });
  if (!read) return read.error();
  return plan;
}

store::Switches Handback::switches(std::string_view primary) const {
  store::Switches switches;
  auto read = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    switches = txn.switches(primary);
    return {};
  });
  if (!read) switches.paused = true;  // nothing is given away while we cannot read our own word
  return switches;
}

io::Task<Status> Handback::put_switches(std::string primary,
                                        std::function<void(store::Switches&)> change,
                                        std::string what) {
  if (auto exists = known(context_, primary); !exists) co_return exists;
  const auto now = context_.clock.now();
  store::Operation operation = [primary, change, what, now](store::WriteTxn& txn) -> Status {
    store::Switches switches = txn.switches(primary);
    change(switches);
    if (auto put = txn.put_switches(primary, switches); !put) return put;
    store::JournalEntry entry;
    entry.at = now;
    entry.what = what;
    entry.target = primary;
    return txn.note(std::move(entry));
  };
  auto written = co_await context_.committer.commit(std::move(operation), base::Bytes(256));
  if (written) {
    for (const auto& told : told_) told(primary);
  }
  co_return written;
}

io::Task<Status> Handback::pause(std::string primary) {
  return put_switches(
      std::move(primary), [](store::Switches& s) { s.paused = true; }, "paused");
}

io::Task<Status> Handback::resume(std::string primary) {
  return put_switches(
      std::move(primary), [](store::Switches& s) { s.paused = false; }, "resumed");
}

io::Task<Status> Handback::run(std::string primary) {
  return put_switches(
      std::move(primary),
      [](store::Switches& s) {
        s.paused = false;
        s.released = true;
      },
      "run");
}

Result<std::vector<store::Delivery>> Handback::quarantine(std::size_t limit) const {
  std::vector<store::Delivery> all;
  auto read = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    for (const config::Primary& primary : context_.config->primaries) {
      auto some = txn.deliveries(primary.name, store::DeliveryState::quarantined, {}, limit);
      if (!some) return some.error();
      all.insert(all.end(), some->begin(), some->end());
    }
    return {};
  });
  if (!read) return read.error();
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.message < b.message; });
  if (all.size() > limit) all.resize(limit);
  return all;
}

io::Task<Status> Handback::retry(base::MessageId message, std::string primary) {
  const auto now = context_.clock.now();
  store::Operation operation = [message, primary, now](store::WriteTxn& txn) {
    return txn.retry(message, primary, now);
  };
  auto written = co_await context_.committer.commit(std::move(operation), base::Bytes(256));
  if (written) {
    for (const auto& told : told_) told(primary);
  }
  co_return written;
}

io::Task<Status> Handback::drop(base::MessageId message, std::string primary, std::string why) {
  const auto now = context_.clock.now();
  store::Operation operation = [message, primary, why, now](store::WriteTxn& txn) {
    return txn.suppress(message, primary, why, now);
  };
  return context_.committer.commit(std::move(operation), base::Bytes(256));
}

}  // namespace beredd::service
