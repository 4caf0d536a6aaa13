#include "deadlines.h"

#include "codec_deadlines.h"
#include "journal.h"
#include "tickets.h"

#include <algorithm>

#include <fmt/format.h>

namespace beredd::store {
namespace {

KeyBytes ticket_key(base::TicketId ticket) { return KeyBytes().id(ticket); }
KeyBytes timed_key(base::Instant at, base::TicketId ticket) {
  return KeyBytes().time(at).id(ticket);
}

// The indices follow from the record.
void index(Change& change, const TicketDeadlines& deadlines) {
  if (deadlines.wake) {
    change.tables.put(Table::deadline_wakes, timed_key(*deadlines.wake, deadlines.ticket), {});
  }
  if (const auto& due = deadlines.due) {
    const KeyBytes value =
        KeyBytes().time(due->warning).u8(static_cast<std::uint8_t>(due->measure));
    change.tables.put(Table::deadline_dues, timed_key(due->at, deadlines.ticket), value);
  }
}

void erase_indices(Change& change, const TicketDeadlines& deadlines) {
  if (deadlines.wake) {
    change.tables.erase(Table::deadline_wakes, timed_key(*deadlines.wake, deadlines.ticket));
  }
  if (deadlines.due) {
    change.tables.erase(Table::deadline_dues, timed_key(deadlines.due->at, deadlines.ticket));
  }
}

// One crossing as an event and as a journal entry.
base::Status write_event(Change& change, base::TicketId ticket, const ticket::Crossing& crossing,
                         base::Instant now) {
  const bool breach = crossing.kind == ticket::Crossing::Kind::breach;
  JournalEntry entry;
  entry.at = now;
  entry.what = breach ? "breached" : "warned";
  entry.ticket = ticket;
  entry.detail = fmt::format("{} {} {}", name(crossing.measure),
                             breach ? "was due" : "is due soon: since", base::rfc3339(crossing.at));
  if (base::Status status = write_journal(change, std::move(entry)); !status) return status;
  const ServiceEvent event{{}, ticket, crossing, now};
  change.tables.put_sealed(Table::service_events, KeyBytes().u64(change.counters.journal_seq),
                           encode(event));
  return change.tables.status();
}

std::optional<Due> due_at(const lmdb::Cursor& cursor) {
  if (cursor.key().size() != 16 || cursor.value().size() != 9) return std::nullopt;
  const auto measure = static_cast<unsigned char>(cursor.value()[8]);
  if (measure > static_cast<unsigned char>(ticket::Measure::solution)) return std::nullopt;
  return Due{base::TicketId(u64_at(cursor.key(), 8)), time_at(cursor.key(), 0),
             time_at(cursor.value(), 0), static_cast<ticket::Measure>(measure)};
}

}  // namespace

base::Result<std::optional<TicketDeadlines>> read_deadlines(const Tables& tables,
                                                            base::TicketId ticket) {
  auto record = tables.get_sealed(Table::deadlines, ticket_key(ticket));
  if (!record) return record.error();
  if (!*record) return std::optional<TicketDeadlines>();
  auto deadlines = decode_deadlines(ticket, **record);
  if (!deadlines) return deadlines.error();
  return std::optional<TicketDeadlines>(*std::move(deadlines));
}

namespace {

// What was crossed by tickets that went up in this one, and is still known of them: it was said
// then.
base::Result<std::vector<ticket::Crossing>> inherited(const Tables& tables, base::TicketId id) {
  std::vector<ticket::Crossing> crossed;
  const auto ticket = read_ticket(tables, id);
  if (!ticket) return ticket.error();
  for (const base::TicketId gone : ticket->merged) {
    const auto former = read_deadlines(tables, gone);
    if (!former) return former.error();
    if (!*former) continue;
    crossed.insert(crossed.end(), (*former)->crossed.begin(), (*former)->crossed.end());
  }
  return crossed;
}

}  // namespace

base::Status put_deadlines(Change& change, const TicketDeadlines& deadlines, base::Instant now) {
  auto before = read_deadlines(change.tables, deadlines.ticket);
  if (!before) return before.error();
  if (*before) erase_indices(change, **before);
  auto known = inherited(change.tables, deadlines.ticket);
  if (!known) return known.error();
  if (*before) known->insert(known->end(), (*before)->crossed.begin(), (*before)->crossed.end());
  for (const ticket::Crossing& one : deadlines.crossed) {
    if (std::find(known->begin(), known->end(), one) != known->end()) continue;
    if (base::Status status = write_event(change, deadlines.ticket, one, now); !status) {
      return status;
    }
  }
  change.tables.put_sealed(Table::deadlines, ticket_key(deadlines.ticket), encode(deadlines));
  index(change, deadlines);
  return change.tables.status();
}

base::Status drop_deadlines(Change& change, base::TicketId ticket) {
  auto before = read_deadlines(change.tables, ticket);
  if (!before) return before.error();
  if (!*before) return {};
  erase_indices(change, **before);
  change.tables.erase(Table::deadlines, ticket_key(ticket));
  return change.tables.status();
}

std::vector<Due> list_dues(const Tables& tables, const std::optional<Due>& after,
                           std::size_t limit) {
  std::vector<Due> out;
  lmdb::Cursor cursor = tables.cursor(Table::deadline_dues);
  const KeyBytes from = after ? timed_key(after->at, after->ticket) : KeyBytes();
  bool here = after ? cursor.seek(from) : cursor.first();
  if (here && after && cursor.key() == from.view()) here = cursor.next();
  for (; here && out.size() < limit; here = cursor.next()) {
    if (const auto due = due_at(cursor)) out.push_back(*due);
  }
  return out;
}

DueCounts count_dues(const Tables& tables, base::Instant now) {
  DueCounts counts;
  lmdb::Cursor cursor = tables.cursor(Table::deadline_dues);
  for (bool here = cursor.first(); here; here = cursor.next()) {
    const auto due = due_at(cursor);
    if (!due) continue;
    ++counts.running;
    if (due->at <= now) {
      ++counts.overdue;
    } else if (due->warning <= now) {
      ++counts.soon;
    }
  }
  return counts;
}

std::vector<base::TicketId> to_wake(const Tables& tables, base::Instant until, std::size_t limit) {
  std::vector<base::TicketId> out;
  lmdb::Cursor cursor = tables.cursor(Table::deadline_wakes);
  for (bool here = cursor.first(); here && out.size() < limit && time_at(cursor.key(), 0) <= until;
       here = cursor.next()) {
    out.emplace_back(u64_at(cursor.key(), 8));
  }
  return out;
}

std::optional<base::Instant> next_wake(const Tables& tables) {
  lmdb::Cursor cursor = tables.cursor(Table::deadline_wakes);
  if (!cursor.first()) return std::nullopt;
  return time_at(cursor.key(), 0);
}

base::Result<std::vector<ServiceEvent>> list_service_events(const Tables& tables,
                                                            base::JournalSeq after,
                                                            std::size_t limit) {
  std::vector<ServiceEvent> out;
  lmdb::Cursor cursor = tables.cursor(Table::service_events);
  const KeyBytes from = KeyBytes().u64(after.value() + 1);
  for (bool here = cursor.seek(from); here && out.size() < limit; here = cursor.next()) {
    auto bytes = tables.open(Table::service_events, cursor.key(), cursor.value());
    if (!bytes) return bytes.error();
    auto event = decode_service_event(base::JournalSeq(u64_at(cursor.key(), 0)), *bytes);
    if (!event) return event.error();
    out.push_back(*std::move(event));
  }
  if (base::Status status = tables.status(); !status) return status.error();
  return out;
}

base::Result<Bookmark> read_bookmark(const Tables& tables, std::string_view follower) {
  auto record = tables.get_sealed(Table::bookmarks, follower);
  if (!record) return record.error();
  if (!*record) return Bookmark();
  return decode_bookmark(**record);
}

base::Status put_bookmark(Change& change, std::string_view follower, const Bookmark& bookmark) {
  change.tables.put_sealed(Table::bookmarks, follower, encode(bookmark));
  return change.tables.status();
}

}  // namespace beredd::store
