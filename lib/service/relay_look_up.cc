// Asking the primary what it has: to resolve what a crash or a lost connection left open, and to
// prove what it said it took.

#include "parcel.h"
#include "patience.h"
#include "relay_state.h"

#include <utility>

#include "beredd/base/log.h"

namespace beredd::service {

using base::MessageId;
using base::Status;
using store::DeliveryState;

namespace {
constexpr std::size_t kAtOnce = 50;
}

// Whatever is offered and not on its way was offered by a process that is gone, or its settlement
// could not be written and was given up.
void Relay::State::find_unclear() {
  auto read = context.store.read([&](const store::ReadTxn& txn) -> Status {
    for (MessageId after;;) {
      auto some = txn.deliveries(primary.name, DeliveryState::offered, after, kAtOnce);
      if (!some) return some.error();
      for (const store::Delivery& one : *some) {
        after = one.message;
        if (!busy.contains(one.ticket) && !unsent.contains(one.message)) unclear.insert(after);
      }
      if (some->size() < kAtOnce) return {};
    }
  });
  if (!read) base::log_error("relay {}: {}", primary.name, base::to_string(read.error()));
}

// A write of "offered" that was said to have failed may be on disk all the same; nothing was sent.
io::Task<void> Relay::State::take_back_offers() {
  std::vector<MessageId> some;
  for (const auto& [message, ticket] : unsent) {
    if (!busy.contains(ticket)) some.push_back(message);
  }
  if (some.empty()) co_return;
  const auto now = context.clock.now();
  store::Operation operation = [some, hold = failover::holds(mode()), name = primary.name,
                                now](store::WriteTxn& txn) -> Status {
    for (const MessageId id : some) {
      auto delivery = txn.delivery(id, name);
      if (!delivery) return delivery.error();
      if (!*delivery || (*delivery)->state != DeliveryState::offered) continue;
      store::WriteTxn::Deferral deferral;
      deferral.due = now;
      deferral.hold = hold;
      deferral.attempted = false;
      if (auto deferred = txn.defer(id, name, deferral, now); !deferred) return deferred;
    }
    return {};
  };
  auto written =
      co_await context.committer.commit(std::move(operation), base::Bytes(256 * some.size()));
  if (!written) co_return;  // tried again at the next turn
  for (const MessageId id : some) unsent.erase(id);
}

io::Task<io::LookUpResult> Relay::State::look_up(io::TargetSession& session, MessageId id) {
  auto asked = parcel_of(context.store, id);
  if (!asked) co_return io::LookUpResult{io::LookUp::failed, asked.error().detail};
  io::LookUpResult result = co_await session.look_up(std::move(*asked));
  if (result.found == io::LookUp::absent && may_turn_up(id)) {
    result = {io::LookUp::failed, "not there yet: " + result.words};
  }
  co_return result;
}

// What was offered just now may be on its way behind the primary's door.
bool Relay::State::may_turn_up(MessageId id) const {
  bool may = true;
  const auto now = context.clock.now();
  auto read = context.store.read([&](const store::ReadTxn& txn) -> Status {
    auto delivery = txn.delivery(id, primary.name);
    if (!delivery) return delivery.error();
    may = *delivery && now - (*delivery)->changed < patience_with(primary);
    return {};
  });
  return may || !read;
}

// Found: acknowledged, if it was not yet, and proven. False: it could not be written down.
io::Task<bool> Relay::State::record(MessageId id, const io::LookUpResult& result) {
  const auto now = context.clock.now();
  const std::string proof = fmt::format("looked up there and found ({})", result.words);
  store::Operation operation = [this, id, proof, now](store::WriteTxn& txn) -> Status {
    auto delivery = txn.delivery(id, primary.name);
    if (!delivery) return delivery.error();
    if (!*delivery) return base::bug("a delivery that was looked up is gone");
    if ((*delivery)->state != DeliveryState::acknowledged) {
      const Settlement found{
          {(*delivery)->ticket, id}, {io::Handover::Kind::already, proof, true}, false};
      return write_settlement(txn, found, mode(), now);
    }
    return txn.prove(id, primary.name, proof, now);
  };
  auto written = co_await context.committer.commit(std::move(operation), base::Bytes(512));
  if (!written) base::log_error("relay {}: {}", primary.name, base::to_string(written.error()));
  co_return written.ok();
}

io::Task<void> Relay::State::resolve_unclear() {
  std::unique_ptr<io::TargetSession> session;
  if (!co_await connect(session)) co_return;
  const std::set<MessageId> open = unclear;
  for (const MessageId id : open) {
    if (!session->alive() || !co_await resolve(*session, id)) break;
    unclear.erase(id);
  }
  co_await session->finish();
  wake_all();
}

io::Task<bool> Relay::State::resolve(io::TargetSession& session, MessageId id) {
  const io::LookUpResult result = co_await look_up(session, id);
  if (result.found == io::LookUp::failed) co_return false;
  base::log_info("relay {}: message {} was offered and not answered; looked up: {}", primary.name,
                 id.value(), result.words);
  if (result.found == io::LookUp::found) co_return co_await record(id, result);

  const bool again = result.found == io::LookUp::absent ||
                     primary.target.when_unknown == config::WhenUnknown::resend;
  const auto now = context.clock.now();
  store::Operation operation = [id, again, hold = failover::holds(mode()), name = primary.name,
                                now](store::WriteTxn& txn) -> Status {
    if (!again) {
      return txn.quarantine(
          id, name,
          "possibly delivered: the primary did not answer the end of the data and "
          "cannot be asked; look for it there, then retry or drop it",
          now);
    }
    store::WriteTxn::Deferral deferral;
    deferral.due = now;
    deferral.hold = hold;
    deferral.attempted = false;
    deferral.words = "offered before, not found there";
    return txn.defer(id, name, deferral, now);
  };
  auto written = co_await context.committer.commit(std::move(operation), base::Bytes(512));
  if (!written) base::log_error("relay {}: {}", primary.name, base::to_string(written.error()));
  co_return written.ok();
}

// Goes through what was acknowledged and not yet proven, a few at a time, when nothing else is to
// do.
io::Task<void> Relay::State::prove_some() {
  std::vector<MessageId> some;
  auto read = context.store.read([&](const store::ReadTxn& txn) -> Status {
    auto found =
        txn.deliveries(primary.name, DeliveryState::acknowledged, {}, kAtOnce + missing.size());
    if (!found) return found.error();
    for (const store::Delivery& one : *found) {
      if (!missing.contains(one.message)) some.push_back(one.message);
    }
    return {};
  });
  if (!read || some.empty()) co_return;
  auto session = co_await target.open(executor);
  if (!session) co_return;
  for (const MessageId id : some) {
    if (stopping || !(*session)->alive()) break;
    const io::LookUpResult result = co_await look_up(**session, id);
    if (result.found == io::LookUp::failed) break;
    proves = result.found != io::LookUp::unsupported;
    if (!proves) break;
    if (result.found == io::LookUp::found && !co_await record(id, result)) break;
    if (result.found == io::LookUp::absent) {
      missing.insert(id);
      base::log_error("relay {}: message {} was acknowledged, but is not found there", primary.name,
                      id.value());
    }
  }
  co_await (*session)->finish();
}

}  // namespace beredd::service
