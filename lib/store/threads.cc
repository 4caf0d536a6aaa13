// The part of tickets.h that finds a ticket by what its mails carry or refer to.

#include "tickets.h"

#include <algorithm>
#include <set>

#include "beredd/base/text.h"

namespace beredd::store {
namespace {

// A mail may name thousands; the nearest ones decide, and each costs an HMAC and a row.
constexpr std::size_t kMaxAncestors = 100;
constexpr std::size_t kSighting = 9;  // time, and whether in nothing but replies
constexpr std::size_t kProofBits = 50;

// Message-IDs are compared as hosts along the way leave them: the domain in any case.
std::string comparable(std::string_view message_id) {
  const std::size_t at = message_id.rfind('@');
  if (at == std::string_view::npos) return std::string(message_id);
  return std::string(message_id.substr(0, at)) + base::lower(message_id.substr(at));
}

std::string blind_of(const Tables& tables, std::string_view desk, std::string_view message_id) {
  return tables.keys().message_id_blind(desk, comparable(message_id));
}

std::optional<base::TicketId> ticket_row(const Tables& tables, Table table, std::string_view key) {
  std::optional<std::string_view> row = tables.get(table, key);
  if (!row || row->size() != 8) return std::nullopt;
  return surviving(tables, base::TicketId(u64_at(*row, 0)));
}

std::optional<base::TicketId> ticket_at(const Tables& tables, Table table, std::string_view desk,
                                        std::string_view message_id) {
  if (message_id.empty()) return std::nullopt;
  const std::string wanted = comparable(message_id);
  if (auto found = ticket_row(tables, table, tables.keys().message_id_blind(desk, wanted))) {
    return found;
  }
  if (wanted == message_id) return std::nullopt;
  // Stores up to version 2 kept the domain as it was written.
  return ticket_row(tables, table, tables.keys().message_id_blind(desk, message_id));
}

// No Message-ID holds a blank, so none can be taken for a conversation.
std::string conversation_key(const Tables& tables, std::string_view desk,
                             std::string_view thread_index) {
  return tables.keys().message_id_blind(desk, "thread-index " + std::string(thread_index));
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
  std::string prefix = blind_of(tables, desk, message_id);
  lmdb::Cursor cursor = tables.cursor(Table::message_ids);
  for (bool here = cursor.seek(prefix); here && cursor.key().starts_with(prefix);
       here = cursor.next()) {
    out.emplace_back(u64_at(cursor.key(), prefix.size()));
  }
  return out;
}

std::optional<base::TicketId> ticket_of_conversation(const Tables& tables, std::string_view desk,
                                                     std::string_view thread_index) {
  if (thread_index.empty()) return std::nullopt;
  return ticket_row(tables, Table::thread_seen, conversation_key(tables, desk, thread_index));
}

std::vector<Sighting> sightings(const Tables& tables, std::string_view desk, std::string_view party,
                                std::string_view subject, std::size_t limit) {
  std::vector<Sighting> out;
  std::string prefix = tables.keys().party_blind(desk, subject, party);
  lmdb::Cursor cursor = tables.cursor(Table::thread_parties);
  for (bool here = cursor.seek_below(behind(prefix));
       here && cursor.key().starts_with(prefix) && out.size() < limit; here = cursor.previous()) {
    const base::TicketId ticket(u64_at(cursor.key(), prefix.size()));
    const bool reply = cursor.value().size() == kSighting && cursor.value().back() != 0;
    out.push_back({surviving(tables, ticket), time_at(cursor.value(), 0), reply});
  }
  return out;
}

bool sighted(const Tables& tables, std::string_view desk, std::string_view party,
             const ticket::Ticket& ticket) {
  const std::string prefix = tables.keys().party_blind(desk, {}, party);
  const auto seen_in = [&](base::TicketId id) {
    return tables.has(Table::thread_parties, KeyBytes().raw(prefix).id(id));
  };
  return seen_in(ticket.id) || std::ranges::any_of(ticket.merged, seen_in);
}

base::Status put_sighting(Change& change, std::string_view desk, std::string_view party,
                          std::string_view subject, const Sighting& sighting) {
  Tables& tables = change.tables;
  std::string prefix = tables.keys().party_blind(desk, subject, party);
  KeyBytes key = KeyBytes().raw(prefix).id(sighting.ticket);
  Sighting kept = sighting;
  if (auto row = tables.get(Table::thread_parties, key); row && row->size() == kSighting) {
    kept.at = std::max(kept.at, time_at(*row, 0));
    kept.reply = kept.reply && row->back() != 0;
  }
  tables.put(Table::thread_parties, key, KeyBytes().time(kept.at).u8(kept.reply ? 1 : 0));
  return tables.status();
}

std::string ticket_proof(const Tables& tables, base::TicketId id) {
  constexpr std::string_view kDigits = "abcdefghijklmnopqrstuvwxyz234567";
  const vault::Blind blind = tables.keys().ticket_proof(id);
  std::string out;
  for (std::size_t bit = 0; bit < kProofBits; bit += 5) {
    unsigned value = 0;
    for (std::size_t i = bit; i < bit + 5; ++i) {
      const unsigned byte = std::to_integer<unsigned>(blind.at(i / 8));
      value = value << 1 | (byte >> (7 - i % 8) & 1U);
    }
    out.push_back(kDigits[value]);
  }
  return out;
}

void index_thread(Change& change, std::string_view desk, base::MessageId message,
                  const Sorted& sorted) {
  Tables& tables = change.tables;
  KeyBytes ticket = KeyBytes().id(sorted.ticket);
  if (const std::string& id = sorted.reading.message_id; !id.empty()) {
    std::string blind = blind_of(tables, desk, id);
    tables.put_new(Table::thread_seen, blind, ticket);
    tables.put(Table::message_ids, KeyBytes().raw(blind).id(message), {});
  }
  for (const std::string& id : sorted.reading.former_ids) {
    tables.put_new(Table::thread_seen, blind_of(tables, desk, id), ticket);
  }
  if (const std::string& index = sorted.reading.thread_index; !index.empty()) {
    tables.put_new(Table::thread_seen, conversation_key(tables, desk, index), ticket);
  }
  for (std::string_view id : ancestors_of(sorted.reading)) {
    tables.put_new(Table::thread_awaited, blind_of(tables, desk, id), ticket);
  }
}

void move_thread(Change& change, std::string_view desk, const mail::Reading& reading,
                 base::TicketId from, base::TicketId into) {
  Tables& tables = change.tables;
  const auto lead = [&](std::string_view id) {
    if (ticket_seen(tables, desk, id) != from) return;
    tables.put(Table::thread_seen, blind_of(tables, desk, id), KeyBytes().id(into));
  };
  lead(reading.message_id);
  std::ranges::for_each(reading.former_ids, lead);
}

}  // namespace beredd::store
