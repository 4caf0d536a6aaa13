#include "deliveries.h"

#include "journal.h"
#include "lanes.h"
#include "messages.h"
#include "tickets.h"

#include <algorithm>

#include <fmt/format.h>

namespace beredd::store {
namespace {

using enum DeliveryState;

constexpr std::array kStates = {held,   queued,      offered,    acknowledged,
                                proven, quarantined, suppressed, expired};

// From which states a step may be taken. A look-up in the primary can find a mail that never got
// its answer, or that was about to be offered again: acknowledge and prove allow for that.
struct Rule {
  Step step;
  std::string_view verb;
  std::string_view done;  // the word in the journal
  std::array<bool, kStates.size()> from;
};
constexpr std::array kRules = {
    //                                        held   queued offered ackd   proven quar.  supp.  exp.
    Rule{Step::offer, "offer", "offered", {true, true, false, false, false, false, false, false}},
    Rule{Step::acknowledge,
         "acknowledge",
         "acknowledged",
         {true, true, true, false, false, false, false, false}},
    Rule{Step::prove, "prove", "proven", {false, false, true, true, false, false, false, false}},
    Rule{Step::defer, "defer", "deferred", {true, true, true, false, false, false, false, false}},
    Rule{Step::quarantine,
         "quarantine",
         "quarantined",
         {true, true, true, false, false, false, false, false}},
    Rule{Step::retry, "retry", "retried", {false, false, false, false, false, true, false, false}},
    Rule{Step::suppress,
         "suppress",
         "suppressed",
         {false, false, false, false, false, true, false, false}},
};
static_assert([] {
  for (std::size_t i = 0; i < kRules.size(); ++i) {
    if (kRules[i].step != static_cast<Step>(i)) return false;
  }
  return true;
}());

KeyBytes delivery_key(base::MessageId id, std::string_view target) {
  return KeyBytes().id(id).raw(target);
}
KeyBytes count_key(std::string_view target, DeliveryState state) {
  return KeyBytes().raw(target).u8(static_cast<std::uint8_t>(state));
}
KeyBytes state_key(std::string_view target, const Delivery& delivery, DeliveryState state) {
  return KeyBytes().raw(count_key(target, state)).id(delivery.message);
}

std::uint64_t count_of(const Tables& tables, std::string_view target, DeliveryState state) {
  std::optional<std::string_view> row = tables.get(Table::counts, count_key(target, state));
  return row && row->size() == 8 ? u64_at(*row, 0) : 0;
}

base::Result<std::optional<StoredDelivery>> read_stored(const Tables& tables, base::MessageId id,
                                                        std::string_view target) {
  base::Result<std::optional<std::string>> record =
      tables.get_sealed(Table::deliveries, delivery_key(id, target_blind(tables, target)));
  if (!record) return record.error();
  if (!*record) return std::optional<StoredDelivery>();
  base::Result<StoredDelivery> stored = decode_delivery(id, **record);
  if (!stored) return stored.error();
  return std::optional<StoredDelivery>(*std::move(stored));
}

// Writes the record and every index of it. `before`: its state until now, if it had one.
void write_delivery(Change& change, std::optional<DeliveryState> before,
                    const StoredDelivery& stored) {
  Tables& tables = change.tables;
  const Delivery& delivery = stored.delivery;
  std::string target = target_blind(tables, delivery.target);
  tables.put_sealed(Table::deliveries, delivery_key(delivery.message, target), encode(stored));
  if (before != delivery.state) {
    auto count = [&](DeliveryState state, std::uint64_t by) {
      tables.put(Table::counts, count_key(target, state),
                 KeyBytes().u64(count_of(tables, target, state) + by));
    };
    if (before) {
      tables.erase(Table::delivery_states, state_key(target, delivery, *before));
      count(*before, UINT64_MAX);  // wraps to minus one
    }
    tables.put(Table::delivery_states, state_key(target, delivery, delivery.state),
               KeyBytes().id(delivery.ticket));
    count(delivery.state, 1);
  }
  update_lane(change, stored);
}

base::Status note_step(Change& change, const Delivery& delivery, std::string_view what,
                       std::string_view detail, base::Instant at) {
  JournalEntry entry;
  entry.at = at;
  entry.what = what;
  entry.message = delivery.message;
  entry.ticket = delivery.ticket;
  entry.target = delivery.target;
  entry.detail = detail;
  return write_journal(change, std::move(entry));
}

}  // namespace

base::Result<std::optional<Delivery>> read_delivery(const Tables& tables, base::MessageId id,
                                                    std::string_view target) {
  base::Result<std::optional<StoredDelivery>> stored = read_stored(tables, id, target);
  if (!stored) return stored.error();
  if (!*stored) return std::optional<Delivery>();
  return std::optional<Delivery>(std::move((*stored)->delivery));
}

base::Result<std::vector<Delivery>> list_deliveries(const Tables& tables, std::string_view target,
                                                    DeliveryState state, base::MessageId after,
                                                    std::size_t limit) {
  std::vector<Delivery> out;
  KeyBytes prefix = count_key(target_blind(tables, target), state);
  KeyBytes start = KeyBytes().raw(prefix).id(after);
  lmdb::Cursor cursor = tables.cursor(Table::delivery_states);
  bool here = cursor.seek(start);
  if (here && cursor.key() == start.view()) here = cursor.next();
  for (; here && cursor.key().starts_with(prefix.view()) && out.size() < limit;
       here = cursor.next()) {
    base::MessageId id(u64_at(cursor.key(), prefix.view().size()));
    base::Result<std::optional<Delivery>> delivery = read_delivery(tables, id, target);
    if (!delivery) return delivery.error();
    if (!*delivery) {
      return base::permanent(base::Code::corrupt,
                             fmt::format("the delivery of message {} is missing", id.value()));
    }
    out.push_back(**std::move(delivery));
  }
  if (base::Status status = tables.status(); !status) return status.error();
  return out;
}

DeliveryCounts count_deliveries(const Tables& tables, std::string_view target) {
  std::string blind = target_blind(tables, target);
  auto of = [&](DeliveryState state) { return count_of(tables, blind, state); };
  DeliveryCounts counts;
  counts.held = of(held);
  counts.queued = of(queued);
  counts.offered = of(offered);
  counts.acknowledged = of(acknowledged);
  counts.proven = of(proven);
  counts.quarantined = of(quarantined);
  counts.suppressed = of(suppressed);
  counts.expired = of(expired);
  return counts;
}

std::optional<base::Instant> oldest_waiting(const Tables& tables, std::string_view target) {
  // Messages are numbered in the order of acceptance, so the oldest is the first of one of three
  // runs.
  std::string blind = target_blind(tables, target);
  std::optional<base::MessageId> oldest;
  for (DeliveryState state : {held, queued, offered}) {
    KeyBytes prefix = count_key(blind, state);
    lmdb::Cursor cursor = tables.cursor(Table::delivery_states);
    if (!cursor.seek(prefix) || !cursor.key().starts_with(prefix.view())) continue;
    base::MessageId id(u64_at(cursor.key(), prefix.view().size()));
    if (!oldest || id < *oldest) oldest = id;
  }
  if (!oldest) return std::nullopt;
  base::Result<Message> message = read_message(tables, *oldest);
  if (!message) {
    tables.fault().record(message.error());
    return std::nullopt;
  }
  return message->received;
}

base::Status enqueue_delivery(Change& change, const Delivery& delivery) {
  Tables& tables = change.tables;
  if (delivery.state != held && delivery.state != queued) {
    return base::permanent(base::Code::invalid,
                           fmt::format("a delivery cannot begin as {}", name(delivery.state)));
  }
  base::Result<Message> message = read_message(tables, delivery.message);
  if (!message) return message.error();
  if (base::Result<ticket::Ticket> ticket = read_ticket(tables, delivery.ticket); !ticket) {
    return ticket.error();
  }
  KeyBytes key = delivery_key(delivery.message, target_blind(tables, delivery.target));
  if (tables.has(Table::deliveries, key)) {
    return base::permanent(base::Code::exists,
                           fmt::format("message {} has a delivery to {} already",
                                       delivery.message.value(), delivery.target));
  }
  write_delivery(change, std::nullopt, {delivery, message->body.size});
  return note_step(change, delivery, "enqueued", name(delivery.state), delivery.created);
}

namespace {

// The lane is left as if the delivery were finished, and joined as if it began.
void change_lane(Change& change, StoredDelivery& stored, base::TicketId into) {
  StoredDelivery gone = stored;
  gone.delivery.state = DeliveryState::suppressed;
  update_lane(change, gone);
  stored.delivery.ticket = into;
}

base::Result<std::vector<StoredDelivery>> deliveries_of(const Tables& tables,
                                                        base::MessageId message) {
  KeyBytes prefix = KeyBytes().id(message);
  std::vector<StoredDelivery> out;
  lmdb::Cursor cursor = tables.cursor(Table::deliveries);
  for (bool here = cursor.seek(prefix); here && cursor.key().starts_with(prefix.view());
       here = cursor.next()) {
    auto record = tables.open(Table::deliveries, cursor.key(), cursor.value());
    if (!record) return record.error();
    auto stored = decode_delivery(message, *record);
    if (!stored) return stored.error();
    out.push_back(*std::move(stored));
  }
  return out;
}

}  // namespace

base::Result<bool> is_offered(const Tables& tables, base::MessageId message) {
  auto all = deliveries_of(tables, message);
  if (!all) return all.error();
  return std::ranges::any_of(
      *all, [](const StoredDelivery& stored) { return stored.delivery.state == offered; });
}

base::Status move_deliveries(Change& change, base::MessageId message, base::TicketId into) {
  auto all = deliveries_of(change.tables, message);
  if (!all) return all.error();
  for (StoredDelivery& stored : *all) {
    const DeliveryState state = stored.delivery.state;
    if (state != held && state != queued) continue;
    change_lane(change, stored, into);
    write_delivery(change, stored.delivery.state, stored);
  }
  return change.tables.status();
}

base::Status take_step(Change& change, base::MessageId id, std::string_view target,
                       const StepTo& to, const std::function<void(Delivery&)>& edit) {
  base::Result<std::optional<StoredDelivery>> stored = read_stored(change.tables, id, target);
  if (!stored) return stored.error();
  if (!*stored) {
    return base::permanent(base::Code::not_found,
                           fmt::format("message {} has no delivery to {}", id.value(), target));
  }
  Delivery& delivery = (*stored)->delivery;
  const Rule& rule = kRules[static_cast<std::size_t>(to.step)];
  DeliveryState before = delivery.state;
  if (!rule.from[static_cast<std::size_t>(before)]) {
    return base::permanent(base::Code::conflict,
                           fmt::format("cannot {} the delivery of message {} to {}: it is {}",
                                       rule.verb, id.value(), target, name(before)));
  }
  const bool answered = to.step == Step::acknowledge || to.step == Step::quarantine;
  if (before == DeliveryState::offered && answered) ++delivery.attempts;
  // Its ticket may have gone up in another one while this was offered.
  const base::TicketId ticket = surviving(change.tables, delivery.ticket);
  if (ticket != delivery.ticket) change_lane(change, **stored, ticket);
  delivery.state = to.state;
  delivery.changed = to.at;
  edit(delivery);
  write_delivery(change, before, **stored);
  return note_step(change, delivery, rule.done, to.detail, to.at);
}

base::Status edit_delivery(Change& change, base::MessageId id, std::string_view target,
                           const std::function<base::Status(Delivery&)>& edit) {
  base::Result<std::optional<StoredDelivery>> stored = read_stored(change.tables, id, target);
  if (!stored) return stored.error();
  if (!*stored) {
    return base::permanent(base::Code::not_found,
                           fmt::format("message {} has no delivery to {}", id.value(), target));
  }
  const DeliveryState before = (*stored)->delivery.state;
  if (auto edited = edit((*stored)->delivery); !edited) return edited;
  write_delivery(change, before, **stored);
  return change.tables.status();
}

namespace {

base::Status hold_ticket(Change& change, base::TicketId id) {
  base::Result<ticket::Ticket> ticket = read_ticket(change.tables, id);
  if (!ticket) return ticket.error();
  if (ticket->custody == ticket::Custody::fallback) return {};
  ticket->custody = ticket::Custody::fallback;
  return update_ticket(change, *ticket);
}

base::Status hold_delivery(Change& change, const LaneRow& row, std::string_view target, bool hold,
                           base::Instant at) {
  base::Result<std::optional<StoredDelivery>> stored =
      read_stored(change.tables, row.message, target);
  if (!stored) return stored.error();
  if (!*stored) {
    return base::permanent(base::Code::corrupt, fmt::format("the delivery of message {} is missing",
                                                            row.message.value()));
  }
  Delivery& delivery = (*stored)->delivery;
  DeliveryState before = delivery.state;
  DeliveryState after = hold ? held : queued;
  // What is due already keeps its place in the line.
  base::Instant due = hold ? delivery.due : std::min(delivery.due, at);
  if (before == offered || (before == after && due == delivery.due)) return {};
  if (!hold) {
    for (DeliveryPart& part : delivery.parts) part.due = std::min(part.due, at);
  }
  delivery.state = after;
  delivery.due = due;
  delivery.changed = at;
  write_delivery(change, before, **stored);
  return note_step(change, delivery, name(delivery.state), {}, at);
}

}  // namespace

base::Result<std::optional<WriteTxn::LanePosition>> hold_lanes(Change& change,
                                                               std::string_view target, bool hold,
                                                               WriteTxn::LanePosition after,
                                                               std::size_t limit,
                                                               base::Instant at) {
  std::vector<LaneRow> rows =
      lane_rows(change.tables, target, {after.ticket, after.message}, limit);
  base::TicketId last;
  for (const LaneRow& row : rows) {
    base::Status status = hold_delivery(change, row, target, hold, at);
    if (status && hold && row.ticket != last) status = hold_ticket(change, row.ticket);
    if (!status) return status.error();
    last = row.ticket;
  }
  if (base::Status status = change.tables.status(); !status) return status.error();
  if (rows.empty() || rows.size() < limit) return std::optional<WriteTxn::LanePosition>();
  return std::optional<WriteTxn::LanePosition>({rows.back().ticket, rows.back().message});
}

}  // namespace beredd::store
