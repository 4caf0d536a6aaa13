#pragma once
// Tickets, their messages, their order by update, and the Message-IDs that lead to them.

#include "change.h"

namespace beredd::store {

base::Result<ticket::Ticket> read_ticket(const Tables& tables, base::TicketId id);
// Merges one reverse cursor per (state, desk), so a short list of a large store is a short walk.
base::Result<std::vector<ticket::Ticket>> list_tickets(const Tables& tables,
                                                       const TicketQuery& query);
std::vector<base::MessageId> messages_of(const Tables& tables, base::TicketId id);

base::Result<base::TicketId> open_ticket(Change& change, ticket::Ticket ticket);
base::Status update_ticket(Change& change, const ticket::Ticket& ticket);
void join_ticket(Change& change, base::TicketId ticket, base::MessageId message);

// --- threads. The first ticket to name a Message-ID keeps it.
std::optional<base::TicketId> ticket_seen(const Tables& tables, std::string_view desk,
                                          std::string_view message_id);
std::optional<base::TicketId> ticket_awaiting(const Tables& tables, std::string_view desk,
                                              std::string_view message_id);
std::vector<base::MessageId> messages_with_id(const Tables& tables, std::string_view desk,
                                              std::string_view message_id);
void index_thread(Change& change, std::string_view desk, base::MessageId message,
                  const Sorted& sorted);

}  // namespace beredd::store
