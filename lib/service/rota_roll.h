#pragma once
// From the configuration and the store to the values that ticket/rota.h, rules.h and ranking.h
// reason about.

#include "beredd/service/rota.h"
#include "beredd/ticket/changes.h"

namespace beredd::service {

Rulebook rulebook_of(const config::Config& config);
ticket::LevelPolicy policy_of(const config::Config& config, ticket::Level level);

// New or open, held here.
base::Result<std::vector<ticket::Ticket>> held_tickets(const store::ReadTxn& txn);
// `tickets`: held_tickets(), for the load.
base::Result<Roll> roll_of(const store::ReadTxn& txn, const config::Config& config,
                           const std::vector<ticket::Ticket>& tickets, base::Instant now);

// Since when the customer waits, and whether there ever was an answer.
struct Conversation {
  std::optional<base::Instant> waiting_since;
  bool answered = false;
  base::MessageId last;  // of the customer's
};
base::Result<Conversation> conversation_of(const store::ReadTxn& txn, base::TicketId id);

base::Result<std::vector<ticket::Candidate>> candidates(const store::ReadTxn& txn,
                                                        std::vector<ticket::Ticket> tickets,
                                                        base::Instant now, base::Duration lease);

// Writes down a ticket that `steps` were done to, each with an entry of its own. Empty: nothing.
base::Status put_steps(store::WriteTxn& txn, ticket::Ticket& ticket,
                       const std::vector<ticket::Step>& steps, const store::Act& act);

// Whom `ticket` is for when it is for nobody yet; null: there is nobody, or it is not asked for.
const ticket::Colleague* taker_of(const Roll& roll, const ticket::Ticket& ticket,
                                  const store::Triage& triage);
// Gives it to `person` (null: to nobody) and counts that in the roll.
std::vector<ticket::Step> give(ticket::Ticket& ticket, const ticket::Colleague* person, Roll& roll,
                               std::string_view why);

}  // namespace beredd::service
