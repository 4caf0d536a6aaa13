#include "messages.h"

#include "bodies.h"
#include "journal.h"
#include "tickets.h"

#include <fmt/format.h>

namespace beredd::store {
namespace {

KeyBytes message_key(base::MessageId id) { return KeyBytes().id(id); }

base::Error no_message(base::MessageId id) {
  return base::permanent(base::Code::not_found, fmt::format("there is no message {}", id.value()));
}

std::vector<base::MessageId> ids_behind(const Tables& tables, Table table, base::MessageId after,
                                        std::size_t limit) {
  std::vector<base::MessageId> out;
  if (after.value() == UINT64_MAX) return out;
  lmdb::Cursor cursor = tables.cursor(table);
  for (bool here = cursor.seek(KeyBytes().u64(after.value() + 1)); here && out.size() < limit;
       here = cursor.next()) {
    out.emplace_back(u64_at(cursor.key(), 0));
  }
  return out;
}

}  // namespace

base::Result<Message> read_message(const Tables& tables, base::MessageId id) {
  base::Result<std::optional<std::string>> record =
      tables.get_sealed(Table::messages, message_key(id));
  if (!record) return record.error();
  if (!*record) return no_message(id);
  return decode_message(id, **record);
}

base::Result<std::optional<Sorted>> read_sorted(const Tables& tables, base::MessageId id) {
  base::Result<std::optional<std::string>> record =
      tables.get_sealed(Table::sorted, message_key(id));
  if (!record) return record.error();
  if (!*record) {
    if (!tables.has(Table::messages, message_key(id))) return no_message(id);
    return std::optional<Sorted>();
  }
  base::Result<Sorted> sorted = decode_sorted(**record);
  if (!sorted) return sorted.error();
  return std::optional<Sorted>(*std::move(sorted));
}

std::vector<base::MessageId> messages_behind(const Tables& tables, base::MessageId after,
                                             std::size_t limit) {
  return ids_behind(tables, Table::messages, after, limit);
}

std::vector<base::MessageId> messages_before(const Tables& tables, base::MessageId before,
                                             std::size_t limit) {
  std::vector<base::MessageId> out;
  lmdb::Cursor cursor = tables.cursor(Table::messages);
  bool here = before ? cursor.seek_below(message_key(before)) : cursor.last();
  for (; here && out.size() < limit; here = cursor.previous()) {
    out.emplace_back(u64_at(cursor.key(), 0));
  }
  return out;
}

std::vector<base::MessageId> unsorted_behind(const Tables& tables, base::MessageId after,
                                             std::size_t limit) {
  return ids_behind(tables, Table::unsorted, after, limit);
}

int sort_attempts(const Tables& tables, base::MessageId id) {
  std::optional<std::string_view> row = tables.get(Table::unsorted, message_key(id));
  return row && row->size() == 1 ? static_cast<unsigned char>(row->front()) : 0;
}

base::Result<base::MessageId> accept_message(Change& change, Message message) {
  if (base::Status status = take_body(change, message.body); !status) return status.error();
  base::MessageId id(++change.counters.last_message);
  message.id = id;
  change.tables.put_sealed(Table::messages, message_key(id), encode(message));
  change.tables.put(Table::unsorted, message_key(id), KeyBytes().u8(0));
  JournalEntry entry;
  entry.at = message.received;
  entry.what = "accepted";
  entry.message = id;
  entry.detail = message.trace_id;
  if (base::Status status = write_journal(change, std::move(entry)); !status) return status.error();
  return id;
}

base::Status mark_sort_attempt(Change& change, base::MessageId id) {
  constexpr int kMost = 255;
  if (!change.tables.has(Table::unsorted, message_key(id))) {
    return base::permanent(base::Code::not_found,
                           fmt::format("message {} is not among the unsorted", id.value()));
  }
  auto attempts = static_cast<std::uint8_t>(std::min(sort_attempts(change.tables, id) + 1, kMost));
  change.tables.put(Table::unsorted, message_key(id), KeyBytes().u8(attempts));
  return change.tables.status();
}

void rewrite_sorted(Change& change, base::MessageId id, const Sorted& sorted) {
  change.tables.put_sealed(Table::sorted, message_key(id), encode(sorted));
}

base::Status put_sorted(Change& change, base::MessageId id, const Sorted& sorted) {
  Tables& tables = change.tables;
  base::Result<Message> message = read_message(tables, id);
  if (!message) return message.error();
  if (tables.has(Table::sorted, message_key(id))) {
    return base::permanent(base::Code::exists, fmt::format("message {} is sorted", id.value()));
  }
  if (base::Result<ticket::Ticket> ticket = read_ticket(tables, sorted.ticket); !ticket) {
    return ticket.error();
  }
  tables.put_sealed(Table::sorted, message_key(id), encode(sorted));
  tables.erase(Table::unsorted, message_key(id));
  join_ticket(change, sorted.ticket, id);
  index_thread(change, message->desk, id, sorted);
  JournalEntry entry;
  entry.at = sorted.at;
  entry.what = "sorted";
  entry.message = id;
  entry.ticket = sorted.ticket;
  entry.detail = sorted.reason;
  return write_journal(change, std::move(entry));
}

base::Result<base::MessageId> add_message(Change& change, Message message, Sorted sorted) {
  if (message.direction == Direction::in || message.author.empty()) {
    return base::permanent(base::Code::invalid, "only what somebody at the desk wrote is added");
  }
  base::Result<ticket::Ticket> ticket = read_ticket(change.tables, sorted.ticket);
  if (!ticket) return ticket.error();
  if (ticket->desk != message.desk) {
    return base::permanent(base::Code::conflict,
                           fmt::format("ticket {} is of another desk", ticket->id.value()));
  }
  if (base::Status status = take_body(change, message.body); !status) return status.error();
  base::MessageId id(++change.counters.last_message);
  message.id = id;
  sorted.ticket = ticket->id;
  sorted.at = message.received;
  change.tables.put_sealed(Table::messages, message_key(id), encode(message));
  rewrite_sorted(change, id, sorted);
  join_ticket(change, sorted.ticket, id);
  index_thread(change, message.desk, id, sorted);
  JournalEntry entry;
  entry.at = message.received;
  entry.what = message.direction == Direction::note ? "noted" : "written";
  entry.message = id;
  entry.ticket = sorted.ticket;
  entry.detail = sorted.reason;
  entry.who = message.author;
  if (base::Status status = write_journal(change, std::move(entry)); !status) return status.error();
  return id;
}

}  // namespace beredd::store
