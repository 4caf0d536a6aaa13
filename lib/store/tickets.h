#pragma once
// Tickets, their messages, their order by update, when they open again, and the Message-IDs that
// lead to them.

#include "change.h"

namespace beredd::store {

// The ticket itself, or the one that it went up in.
base::TicketId surviving(const Tables& tables, base::TicketId id);
base::Result<ticket::Ticket> read_ticket(const Tables& tables, base::TicketId named);
// Merges one reverse cursor per (state, desk), so a short list of a large store is a short walk.
base::Result<std::vector<ticket::Ticket>> list_tickets(const Tables& tables,
                                                       const TicketQuery& query);
std::vector<base::MessageId> messages_of(const Tables& tables, base::TicketId id);
std::vector<base::TicketId> to_reopen(const Tables& tables, base::Instant until, std::size_t limit);
std::optional<base::Instant> next_reopening(const Tables& tables);
base::Result<std::optional<BulkAction>> read_bulk_action(const Tables& tables,
                                                         std::string_view who);

base::Result<base::TicketId> open_ticket(Change& change, ticket::Ticket ticket);
base::TicketId reserve_ticket(Change& change);
base::Status open_reserved(Change& change, const ticket::Ticket& ticket);
base::Status update_ticket(Change& change, const ticket::Ticket& ticket);
void erase_ticket(Change& change, const ticket::Ticket& ticket);  // as it stands
void join_ticket(Change& change, base::TicketId ticket, base::MessageId message);
base::Status put_bulk_action(Change& change, const BulkAction& action);
base::Status drop_bulk_action(Change& change, std::string_view who);
// See WriteTxn::merge_ticket().
base::Status merge_ticket(Change& change, base::TicketId from, base::TicketId into, const Act& act);
// See WriteTxn::move_message().
base::Status move_message(Change& change, base::MessageId message, base::TicketId into,
                          const Act& act);

// --- threads. The first ticket to name a Message-ID keeps it.
std::optional<base::TicketId> ticket_seen(const Tables& tables, std::string_view desk,
                                          std::string_view message_id);
std::optional<base::TicketId> ticket_awaiting(const Tables& tables, std::string_view desk,
                                              std::string_view message_id);
std::vector<base::MessageId> messages_with_id(const Tables& tables, std::string_view desk,
                                              std::string_view message_id);
std::optional<base::TicketId> ticket_of_conversation(const Tables& tables, std::string_view desk,
                                                     std::string_view thread_index);
std::vector<Sighting> sightings(const Tables& tables, std::string_view desk, std::string_view party,
                                std::string_view subject, std::size_t limit);
bool sighted(const Tables& tables, std::string_view desk, std::string_view party,
             const ticket::Ticket& ticket);
base::Status put_sighting(Change& change, std::string_view desk, std::string_view party,
                          std::string_view subject, const Sighting& sighting);
std::string ticket_proof(const Tables& tables, base::TicketId id);
void index_thread(Change& change, std::string_view desk, base::MessageId message,
                  const Sorted& sorted);
// Leads answers to a message that moved to `into`, where they would have led to `from`.
void move_thread(Change& change, std::string_view desk, const mail::Reading& reading,
                 base::TicketId from, base::TicketId into);

}  // namespace beredd::store
