// The part of tickets.h that finds a ticket by the Message-IDs that its mails carry or refer to.

#include "tickets.h"

#include <algorithm>
#include <set>

namespace beredd::store {
namespace {

// A mail may name thousands; the nearest ones decide, and each costs an HMAC and a row.
constexpr std::size_t kMaxAncestors = 100;

std::optional<base::TicketId> ticket_at(const Tables& tables, Table table, std::string_view desk,
                                        std::string_view message_id) {
  if (message_id.empty()) return std::nullopt;
  std::optional<std::string_view> row =
      tables.get(table, tables.keys().message_id_blind(desk, message_id));
  if (!row || row->size() != 8) return std::nullopt;
  return base::TicketId(u64_at(*row, 0));
}

// In-Reply-To, then References from the newest back, without doubles.
std::vector<std::string_view> ancestors_of(const mail::Reading& reading) {
  std::vector<std::string_view> out;
  std::set<std::string_view> known;
  auto add = [&](std::string_view id) {
    if (!id.empty() && out.size() < kMaxAncestors && known.insert(id).second) out.push_back(id);
  };
  std::ranges::for_each(reading.in_reply_to, add);
  std::for_each(reading.references.rbegin(), reading.references.rend(), add);
  return out;
}

}  // namespace

std::optional<base::TicketId> ticket_seen(const Tables& tables, std::string_view desk,
                                          std::string_view message_id) {
  return ticket_at(tables, Table::thread_seen, desk, message_id);
}

std::optional<base::TicketId> ticket_awaiting(const Tables& tables, std::string_view desk,
                                              std::string_view message_id) {
  return ticket_at(tables, Table::thread_awaited, desk, message_id);
}

std::vector<base::MessageId> messages_with_id(const Tables& tables, std::string_view desk,
                                              std::string_view message_id) {
  std::vector<base::MessageId> out;
  if (message_id.empty()) return out;
  std::string prefix = tables.keys().message_id_blind(desk, message_id);
  lmdb::Cursor cursor = tables.cursor(Table::message_ids);
  for (bool here = cursor.seek(prefix); here && cursor.key().starts_with(prefix);
       here = cursor.next()) {
    out.emplace_back(u64_at(cursor.key(), prefix.size()));
  }
  return out;
}

void index_thread(Change& change, std::string_view desk, base::MessageId message,
                  const Sorted& sorted) {
  Tables& tables = change.tables;
  KeyBytes ticket = KeyBytes().id(sorted.ticket);
  if (const std::string& id = sorted.reading.message_id; !id.empty()) {
    std::string blind = tables.keys().message_id_blind(desk, id);
    tables.put_new(Table::thread_seen, blind, ticket);
    tables.put(Table::message_ids, KeyBytes().raw(blind).id(message), {});
  }
  for (std::string_view id : ancestors_of(sorted.reading)) {
    tables.put_new(Table::thread_awaited, tables.keys().message_id_blind(desk, id), ticket);
  }
}

}  // namespace beredd::store
