// Deliveries, modes, the journal and the counters.

#include "codec.h"
#include "flat.h"

namespace beredd::store {

using flat::Conversion;

std::string encode(const StoredDelivery& stored) {
  const Delivery& delivery = stored.delivery;
  fbs::DeliveryT out;
  out.ticket = delivery.ticket.value();
  out.target = delivery.target;
  out.state = flat::number_of(delivery.state);
  out.attempts = delivery.attempts;
  out.created = base::micros(delivery.created);
  out.due = base::micros(delivery.due);
  out.changed = base::micros(delivery.changed);
  out.words = delivery.words;
  out.receipt = delivery.receipt;
  out.proof = delivery.proof;
  out.size = stored.size.count();
  for (const DeliveryPart& part : delivery.parts) {
    auto each = std::make_unique<fbs::DeliveryPartT>();
    each->domain = part.domain;
    each->state = flat::number_of(part.state);
    each->attempts = part.attempts;
    each->due = base::micros(part.due);
    each->words = part.words;
    out.parts.push_back(std::move(each));
  }
  return flat::pack(out);
}

base::Result<StoredDelivery> decode_delivery(base::MessageId id, std::string_view bytes) {
  auto in = flat::unpack<fbs::Delivery>(bytes);
  if (!in) return in.error();
  const fbs::DeliveryT& record = **in;
  Conversion conversion;
  StoredDelivery out;
  out.delivery.message = id;
  out.delivery.ticket = base::TicketId(record.ticket);
  out.delivery.target = record.target;
  out.delivery.state = conversion.named(record.state, DeliveryState::expired);
  out.delivery.attempts = record.attempts;
  out.delivery.created = base::from_micros(record.created);
  out.delivery.due = base::from_micros(record.due);
  out.delivery.changed = base::from_micros(record.changed);
  out.delivery.words = record.words;
  out.delivery.receipt = record.receipt;
  out.delivery.proof = record.proof;
  out.size = base::Bytes(record.size);
  for (const auto& part : record.parts) {
    out.delivery.parts.push_back({part->domain, conversion.named(part->state, PartState::doubtful),
                                  part->attempts, base::from_micros(part->due), part->words});
  }
  return conversion.finish(std::move(out));
}

std::string encode(const TransitionRecord& record) {
  fbs::TransitionT out;
  out.primary = record.primary;
  out.from = flat::number_of(record.transition.from);
  out.to = flat::number_of(record.transition.to);
  out.at = base::micros(record.transition.at);
  out.why = record.transition.why;
  for (const failover::Observation& seen : record.transition.evidence) {
    auto each = std::make_unique<fbs::ObservationT>();
    each->check = seen.check;
    each->ok = seen.ok;
    each->at = base::micros(seen.at);
    each->saw = seen.saw;
    each->passive = seen.passive;
    out.evidence.push_back(std::move(each));
  }
  return flat::pack(out);
}

base::Result<TransitionRecord> decode_transition(std::string_view bytes) {
  auto in = flat::unpack<fbs::Transition>(bytes);
  if (!in) return in.error();
  const fbs::TransitionT& record = **in;
  Conversion conversion;
  TransitionRecord out;
  out.primary = record.primary;
  out.transition.from = conversion.named(record.from, failover::Mode::handback);
  out.transition.to = conversion.named(record.to, failover::Mode::handback);
  out.transition.at = base::from_micros(record.at);
  out.transition.why = record.why;
  for (const auto& each : record.evidence) {
    out.transition.evidence.push_back(
        {each->check, each->ok, base::from_micros(each->at), each->saw, each->passive});
  }
  return conversion.finish(std::move(out));
}

std::string encode(const failover::Standing& standing) {
  fbs::StandingT out;
  out.mode = flat::number_of(standing.mode);
  out.since = base::micros(standing.since);
  out.pinned = standing.pinned;
  for (base::Instant fall : standing.falls) out.falls.push_back(base::micros(fall));
  return flat::pack(out);
}

base::Result<failover::Standing> decode_standing(std::string_view bytes) {
  auto in = flat::unpack<fbs::Standing>(bytes);
  if (!in) return in.error();
  const fbs::StandingT& record = **in;
  Conversion conversion;
  failover::Standing out;
  out.mode = conversion.named(record.mode, failover::Mode::handback);
  out.since = base::from_micros(record.since);
  out.pinned = record.pinned;
  for (std::int64_t fall : record.falls) out.falls.push_back(base::from_micros(fall));
  return conversion.finish(std::move(out));
}

std::string encode(const Switches& switches) {
  fbs::SwitchesT out;
  out.paused = switches.paused;
  out.released = switches.released;
  return flat::pack(out);
}

std::string encode(const Abilities& abilities) {
  fbs::AbilitiesT out;
  out.smtputf8 = abilities.smtputf8;
  out.dsn = abilities.dsn;
  if (abilities.max_size) out.max_size = abilities.max_size->count();
  out.seen = base::micros(abilities.seen);
  return flat::pack(out);
}

base::Result<Abilities> decode_abilities(std::string_view bytes) {
  auto in = flat::unpack<fbs::Abilities>(bytes);
  if (!in) return in.error();
  const fbs::AbilitiesT& record = **in;
  Abilities out{record.smtputf8, record.dsn, {}, base::from_micros(record.seen)};
  if (record.max_size) out.max_size = base::Bytes(*record.max_size);
  return out;
}

base::Result<Switches> decode_switches(std::string_view bytes) {
  auto in = flat::unpack<fbs::Switches>(bytes);
  if (!in) return in.error();
  return Switches{(*in)->paused, (*in)->released};
}

std::string encode(const JournalEntry& entry) {
  fbs::JournalEntryT out;
  out.seq = entry.seq.value();
  out.at = base::micros(entry.at);
  out.what = entry.what;
  out.message = entry.message.value();
  out.ticket = entry.ticket.value();
  out.target = entry.target;
  out.detail = entry.detail;
  out.who = entry.who;
  return flat::pack(out);
}

base::Result<JournalEntry> decode_journal_entry(std::string_view bytes) {
  auto in = flat::unpack<fbs::JournalEntry>(bytes);
  if (!in) return in.error();
  const fbs::JournalEntryT& record = **in;
  JournalEntry out;
  out.seq = base::JournalSeq(record.seq);
  out.at = base::from_micros(record.at);
  out.what = record.what;
  out.message = base::MessageId(record.message);
  out.ticket = base::TicketId(record.ticket);
  out.target = record.target;
  out.detail = record.detail;
  out.who = record.who;
  return out;
}

std::string encode(const Counters& counters) {
  fbs::CountersT out;
  out.last_message = counters.last_message;
  out.last_ticket = counters.last_ticket;
  out.journal_seq = counters.journal_seq;
  out.journal_hash = flat::bytes_of(counters.journal_hash);
  out.last_arrival = counters.last_arrival;
  return flat::pack(out);
}

base::Result<Counters> decode_counters(std::string_view bytes) {
  auto in = flat::unpack<fbs::Counters>(bytes);
  if (!in) return in.error();
  const fbs::CountersT& record = **in;
  Conversion conversion;
  Counters out{record.last_message, record.last_ticket, record.journal_seq,
               conversion.bytes<32>(record.journal_hash), record.last_arrival};
  return conversion.finish(out);
}

}  // namespace beredd::store
