#include "outgoing_parts.h"
#include "postman_state.h"

#include <algorithm>

#include "beredd/base/log.h"
#include "beredd/service/outgoing.h"

namespace beredd::service {

using base::Result;
using base::Status;
using Kind = io::Handover::Kind;

namespace {

constexpr base::Duration kLongest = std::chrono::minutes(1);  // between two looks
constexpr std::size_t kBatch = 20;                            // mails of a round
constexpr std::size_t kFirstLook = 64;                        // lanes; then four times as many

}  // namespace

bool Postman::State::is_free(const std::string& way, base::Instant now) const {
  const auto known = ways.find(way);
  return known == ways.end() || (!known->second.busy && known->second.connect_after <= now);
}

// When it may be looked at again; of a busy one, its round's end says so.
base::Instant Postman::State::free_from(const std::string& way, base::Instant now) const {
  const auto known = ways.find(way);
  const bool later = known != ways.end() && !known->second.busy;
  return later ? std::max(known->second.connect_after, now) : base::Instant::max();
}

// The first way that a lane's head has open now; nothing: all of them are taken, or not due.
Result<std::optional<Postman::State::Load>> Postman::State::step_of(const store::ReadTxn& txn,
                                                                    const store::Lane& lane,
                                                                    base::Instant now) const {
  const auto delivery = txn.delivery(lane.head, kOutgoing);
  if (!delivery) return delivery.error();
  if (!*delivery) return std::optional<Load>();
  Fate fate{lane.head, lane.ticket, Kind::deferred, {}};
  if (!target.by_domain()) {
    fate.domains = domains_in((*delivery)->parts, store::PartState::open);
    if (!is_free("", now)) return std::optional<Load>();
    return std::optional<Load>({"", {std::move(fate)}});
  }
  const auto parts = parts_in(txn, **delivery, now);
  if (!parts) return parts.error();
  for (const store::DeliveryPart& part : *parts) {
    const bool due = part.state == store::PartState::open && part.due <= now;
    if (!due || !is_free(part.domain, now)) continue;
    // A mail for one domain goes as a whole: it has no parts to be written down.
    if (parts->size() > 1 || !(*delivery)->parts.empty()) fate.domains = {part.domain};
    return std::optional<Load>({part.domain, {std::move(fate)}});
  }
  return std::optional<Load>();
}

// `picked` holds what can be begun, and how long to wait for more; ways that are busy wake us.
Status Postman::State::pick_from(const store::ReadTxn& txn, base::Instant now,
                                 Picked& picked) const {
  for (std::size_t look = kFirstLook;; look *= 4) {
    picked.loads.clear();
    const auto lanes = txn.lanes(kOutgoing, now + kLongest, look,
                                 [&](base::TicketId id) { return carried.contains(id); });
    if (!lanes) return lanes.error();
    for (const store::Lane& lane : *lanes) {
      if (lane.due > now) {
        picked.wait = std::min<base::Duration>(picked.wait, lane.due - now);
        return {};
      }
      auto step = step_of(txn, lane, now);
      if (!step) return step.error();
      if (!*step) continue;
      auto load = std::ranges::find(picked.loads, (*step)->way, &Load::way);
      if (load == picked.loads.end()) {
        if (rounds + picked.loads.size() >= kMostAtOnce) continue;
        load = picked.loads.insert(load, {(*step)->way, {}});
      }
      if (load->mails.size() < kBatch) load->mails.push_back(std::move((*step)->mails.front()));
    }
    const bool full = rounds + picked.loads.size() >= kMostAtOnce;
    if (lanes->size() < look || full || !target.by_domain()) return {};
  }
}

Postman::State::Picked Postman::State::pick() const {
  const auto now = context.clock.now();
  Picked picked;
  picked.wait = kLongest;
  if (rounds >= kMostAtOnce || (!target.by_domain() && !is_free("", now))) {
    picked.wait = std::clamp<base::Duration>(free_from("", now) - now, {}, kLongest);
    return picked;
  }
  auto read = context.store.read(
      [&](const store::ReadTxn& txn) -> Status { return pick_from(txn, now, picked); });
  if (!read) {
    base::log_error("postman: {}", base::to_string(read.error()));
    picked.loads.clear();
    picked.wait = kPostmanPause;
  }
  for (const auto& [name, way] : ways) {
    if (way.busy) continue;
    if (way.session) picked.wait = std::min(picked.wait, until_idle(now));
    if (way.connect_after > now) {
      picked.wait = std::min<base::Duration>(picked.wait, way.connect_after - now);
    }
  }
  return picked;
}

// Until the first open way has been idle for long enough.
base::Duration Postman::State::until_idle(base::Instant now) const {
  base::Duration least = kPostmanIdle;
  for (const auto& [name, way] : ways) {
    if (way.busy || !way.session) continue;
    least = std::min<base::Duration>(least, way.idle_since + kPostmanIdle - now);
  }
  return std::max(least, base::Duration{});
}

}  // namespace beredd::service
