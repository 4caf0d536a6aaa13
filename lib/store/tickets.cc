#include "tickets.h"

#include "deadlines.h"
#include "meta.h"

#include <algorithm>
#include <queue>
#include <utility>

#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::store {
namespace {

constexpr std::array kStates = {ticket::State::fresh, ticket::State::open, ticket::State::pending,
                                ticket::State::solved, ticket::State::closed};
constexpr std::size_t kDeskBlind = 8;
constexpr std::size_t kPrefix = 1 + kDeskBlind;      // state, desk
constexpr std::size_t kFew = 1000;                   // tickets to read rather than walk all
constexpr std::size_t kUpdateKey = kPrefix + 8 + 8;  // updated, ticket

KeyBytes ticket_key(base::TicketId id) { return KeyBytes().id(id); }

std::string desk_blind(const Tables& tables, std::string_view desk) {
  return tables.keys().short_blind("desk", desk);
}

KeyBytes update_key(const Tables& tables, const ticket::Ticket& ticket) {
  return KeyBytes()
      .u8(static_cast<std::uint8_t>(ticket.state))
      .raw(desk_blind(tables, ticket.desk))
      .time(ticket.updated)
      .id(ticket.id);
}

std::optional<KeyBytes> reopening_key(const ticket::Ticket& ticket) {
  if (ticket.state != ticket::State::pending || !ticket.pending_until) return std::nullopt;
  return KeyBytes().time(*ticket.pending_until).id(ticket.id);
}

std::string person_key(const Tables& tables, std::string_view who) {
  return tables.keys().short_blind("person", who);
}

void put_ticket(Change& change, const ticket::Ticket& ticket) {
  change.tables.put_sealed(Table::tickets, ticket_key(ticket.id), encode(ticket));
  change.tables.put(Table::tickets_by_update, update_key(change.tables, ticket), {});
  if (auto key = reopening_key(ticket)) change.tables.put(Table::reopenings, *key, {});
}

void erase_indices(Change& change, const ticket::Ticket& ticket) {
  change.tables.erase(Table::tickets_by_update, update_key(change.tables, ticket));
  if (auto key = reopening_key(ticket)) change.tables.erase(Table::reopenings, *key);
}

// The (state, desk) prefixes that have tickets of `state`, found by leaping from one to the next.
void add_prefixes(const Tables& tables, ticket::State state, std::vector<std::string>& prefixes) {
  KeyBytes first = KeyBytes().u8(static_cast<std::uint8_t>(state));
  lmdb::Cursor cursor = tables.cursor(Table::tickets_by_update);
  bool here = cursor.seek(first);
  while (here && cursor.key().starts_with(first.view())) {
    prefixes.emplace_back(cursor.key().substr(0, kPrefix));
    std::string next = behind(prefixes.back());
    here = !next.empty() && cursor.seek(next);
  }
}

std::vector<std::string> prefixes_of(const Tables& tables, const TicketQuery& query) {
  std::vector<std::string> prefixes;
  for (ticket::State state : kStates) {
    if (query.state && *query.state != state) continue;
    if (query.desk.empty()) {
      add_prefixes(tables, state, prefixes);
    } else {
      KeyBytes prefix = KeyBytes().u8(static_cast<std::uint8_t>(state));
      prefixes.emplace_back(prefix.raw(desk_blind(tables, query.desk)).view());
    }
  }
  return prefixes;
}

// One (state, desk) walked from its newest ticket back.
class Walk {
 public:
  Walk(const Tables& tables, std::string prefix)
      : prefix_(std::move(prefix)), cursor_(tables.cursor(Table::tickets_by_update)) {
    here_ = cursor_.seek_below(behind(prefix_)) && fits();
  }
  bool here() const { return here_; }
  // Updated time and id: what the merge orders by.
  std::string_view age() const { return cursor_.key().substr(kPrefix); }
  base::TicketId ticket() const { return base::TicketId(u64_at(cursor_.key(), kPrefix + 8)); }
  void step() { here_ = cursor_.previous() && fits(); }

 private:
  bool fits() const {
    return cursor_.key().starts_with(prefix_) && cursor_.key().size() == kUpdateKey;
  }

  std::string prefix_;
  lmdb::Cursor cursor_;
  bool here_ = false;
};

bool contains(std::string_view text, std::string_view lower_needle) {
  return base::lower(text).find(lower_needle) != std::string::npos;
}

bool matches(const ticket::Ticket& ticket, const TicketQuery& query) {
  if (!query.desk.empty() && ticket.desk != query.desk) return false;
  if (!query.assignee.empty() && ticket.assignee != query.assignee) return false;
  if (query.custody && ticket.custody != *query.custody) return false;
  if (query.state && ticket.state != *query.state) return false;
  if (!query.search.empty()) {
    std::string needle = base::lower(query.search);
    if (!contains(ticket.subject, needle) && !contains(ticket.requester.name, needle) &&
        !contains(ticket.requester.address, needle)) {
      return false;
    }
  }
  return !query.accepts || query.accepts(ticket);
}

using Ids = std::optional<std::vector<base::TicketId>>;

// Whoever made the list may know tickets by the numbers that they had before a merge.
Ids as_they_are_now(const Tables& tables, Ids among) {
  if (!among) return among;
  std::vector<base::TicketId> survivors;
  lmdb::Cursor cursor = tables.cursor(Table::merged_tickets);
  for (bool here = cursor.first(); here; here = cursor.next()) {
    const base::TicketId merged(u64_at(cursor.key(), 0));
    const auto found = std::lower_bound(among->begin(), among->end(), merged);
    if (found == among->end() || *found != merged) continue;
    among->erase(found);
    survivors.push_back(surviving(tables, merged));
  }
  if (survivors.empty()) return among;
  among->insert(among->end(), survivors.begin(), survivors.end());
  std::sort(among->begin(), among->end());
  among->erase(std::unique(among->begin(), among->end()), among->end());
  return among;
}

bool is_among(base::TicketId id, const Ids& among) {
  return !among || std::binary_search(among->begin(), among->end(), id);
}

bool newer(const ticket::Ticket& a, const ticket::Ticket& b) {
  return std::pair(a.updated, a.id) > std::pair(b.updated, b.id);
}

// The few that can be in question, read one by one: quicker than walking all that there are.
base::Result<std::vector<ticket::Ticket>> list_few(const Tables& tables, const TicketQuery& query,
                                                   const std::vector<base::TicketId>& few) {
  std::vector<ticket::Ticket> found;
  for (base::TicketId id : few) {
    base::Result<ticket::Ticket> ticket = read_ticket(tables, id);
    if (ticket) {
      found.push_back(*std::move(ticket));
    } else if (ticket.error().code != base::Code::not_found) {
      return ticket.error();
    }
  }
  std::sort(found.begin(), found.end(), newer);
  std::vector<ticket::Ticket> out;
  for (ticket::Ticket& ticket : found) {
    if (out.size() == query.limit) break;
    if (matches(ticket, query)) out.push_back(std::move(ticket));
  }
  return out;
}

// What is due is a part of what is open, and stands in the order that is wanted.
base::Result<std::vector<ticket::Ticket>> list_by_due(const Tables& tables,
                                                      const TicketQuery& query, const Ids& among) {
  constexpr std::size_t kAtOnce = 256;
  std::vector<ticket::Ticket> out;
  std::optional<Due> last;
  for (;;) {
    const std::vector<Due> dues = list_dues(tables, last, kAtOnce);
    for (const Due& due : dues) {
      if (out.size() == query.limit || (query.due_by && due.at > *query.due_by)) return out;
      if (!is_among(due.ticket, among)) continue;
      base::Result<ticket::Ticket> ticket = read_ticket(tables, due.ticket);
      if (!ticket) return ticket.error();
      if (matches(*ticket, query)) out.push_back(*std::move(ticket));
    }
    if (dues.size() < kAtOnce) return out;
    last = dues.back();
  }
}

}  // namespace

base::TicketId surviving(const Tables& tables, base::TicketId id) {
  // Each step leads to a ticket that was there when its predecessor went, so it ends.
  for (;;) {
    std::optional<std::string_view> row = tables.get(Table::merged_tickets, ticket_key(id));
    if (!row || row->size() != 8) return id;
    id = base::TicketId(u64_at(*row, 0));
  }
}

base::Result<ticket::Ticket> read_ticket(const Tables& tables, base::TicketId named) {
  const base::TicketId id = surviving(tables, named);
  base::Result<std::optional<std::string>> record =
      tables.get_sealed(Table::tickets, ticket_key(id));
  if (!record) return record.error();
  if (!*record) {
    return base::permanent(base::Code::not_found, fmt::format("there is no ticket {}", id.value()));
  }
  return decode_ticket(id, **record);
}

base::Result<std::vector<ticket::Ticket>> list_tickets(const Tables& tables,
                                                       const TicketQuery& query) {
  const Ids among = as_they_are_now(tables, query.among);
  if (query.by_due) return list_by_due(tables, query, among);
  if (among && among->size() <= kFew) return list_few(tables, query, *among);
  std::vector<Walk> walks;
  for (std::string& prefix : prefixes_of(tables, query)) walks.emplace_back(tables, prefix);
  std::erase_if(walks, [](const Walk& walk) { return !walk.here(); });
  auto older = [&](std::size_t a, std::size_t b) { return walks[a].age() < walks[b].age(); };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(older)> newest(older);
  for (std::size_t i = 0; i < walks.size(); ++i) newest.push(i);

  std::vector<ticket::Ticket> out;
  while (!newest.empty() && out.size() < query.limit) {
    std::size_t at = newest.top();
    newest.pop();
    if (is_among(walks[at].ticket(), among)) {
      base::Result<ticket::Ticket> ticket = read_ticket(tables, walks[at].ticket());
      if (!ticket) return ticket.error();
      if (matches(*ticket, query)) out.push_back(*std::move(ticket));
    }
    walks[at].step();
    if (walks[at].here()) newest.push(at);
  }
  if (base::Status status = tables.status(); !status) return status.error();
  return out;
}

std::vector<base::MessageId> messages_of(const Tables& tables, base::TicketId id) {
  std::vector<base::MessageId> out;
  KeyBytes prefix = ticket_key(surviving(tables, id));
  lmdb::Cursor cursor = tables.cursor(Table::ticket_messages);
  for (bool here = cursor.seek(prefix); here && cursor.key().starts_with(prefix.view());
       here = cursor.next()) {
    out.emplace_back(u64_at(cursor.key(), 8));
  }
  return out;
}

base::Result<base::TicketId> open_ticket(Change& change, ticket::Ticket ticket) {
  ticket.id = reserve_ticket(change);
  put_ticket(change, ticket);
  if (base::Status status = change.tables.status(); !status) return status.error();
  return ticket.id;
}

// A number alone changes no table, and a transaction that changes none is not committed.
base::TicketId reserve_ticket(Change& change) {
  ++change.counters.last_ticket;
  put_counters(change.tables, change.counters);
  return base::TicketId(change.counters.last_ticket);
}

base::Status open_reserved(Change& change, const ticket::Ticket& ticket) {
  if (ticket.id == base::TicketId() || ticket.id.value() > change.counters.last_ticket) {
    return base::permanent(base::Code::invalid,
                           fmt::format("ticket {} was never reserved", ticket.id.value()));
  }
  // The number of one that went up in another is not free either.
  if (surviving(change.tables, ticket.id) != ticket.id ||
      change.tables.has(Table::tickets, ticket_key(ticket.id))) {
    return base::permanent(base::Code::exists,
                           fmt::format("there is a ticket {} already", ticket.id.value()));
  }
  put_ticket(change, ticket);
  return change.tables.status();
}

base::Status update_ticket(Change& change, const ticket::Ticket& ticket) {
  base::Result<ticket::Ticket> before = read_ticket(change.tables, ticket.id);
  if (!before) return before.error();
  erase_indices(change, *before);
  put_ticket(change, ticket);
  return change.tables.status();
}

void erase_ticket(Change& change, const ticket::Ticket& ticket) {
  erase_indices(change, ticket);
  change.tables.erase(Table::tickets, ticket_key(ticket.id));
}

void join_ticket(Change& change, base::TicketId ticket, base::MessageId message) {
  change.tables.put(Table::ticket_messages, KeyBytes().id(ticket).id(message), {});
}

std::vector<base::TicketId> to_reopen(const Tables& tables, base::Instant until,
                                      std::size_t limit) {
  std::vector<base::TicketId> out;
  lmdb::Cursor cursor = tables.cursor(Table::reopenings);
  for (bool here = cursor.first(); here && out.size() < limit && time_at(cursor.key(), 0) <= until;
       here = cursor.next()) {
    out.emplace_back(u64_at(cursor.key(), 8));
  }
  return out;
}

std::optional<base::Instant> next_reopening(const Tables& tables) {
  lmdb::Cursor cursor = tables.cursor(Table::reopenings);
  if (!cursor.first()) return std::nullopt;
  return time_at(cursor.key(), 0);
}

base::Result<std::optional<BulkAction>> read_bulk_action(const Tables& tables,
                                                         std::string_view who) {
  base::Result<std::optional<std::string>> record =
      tables.get_sealed(Table::bulk_actions, person_key(tables, who));
  if (!record) return record.error();
  if (!*record) return std::optional<BulkAction>();
  base::Result<BulkAction> action = decode_bulk_action(**record);
  if (!action) return action.error();
  return std::optional<BulkAction>(*std::move(action));
}

base::Status put_bulk_action(Change& change, const BulkAction& action) {
  change.tables.put_sealed(Table::bulk_actions, person_key(change.tables, action.who),
                           encode(action));
  return change.tables.status();
}

base::Status drop_bulk_action(Change& change, std::string_view who) {
  change.tables.erase(Table::bulk_actions, person_key(change.tables, who));
  return change.tables.status();
}

}  // namespace beredd::store
