#pragma once
// What a pass of the rota, or one call of it, does to tickets inside one transaction.

#include "rota_roll.h"

namespace beredd::service {

// Rules with a level or an age that could hold for the ticket now and have not applied to it yet.
std::vector<std::string> ripe_rules(const Rulebook& book, const store::Triage& triage,
                                    ticket::Level level, base::Duration waiting);

// Holds the ticket against the rules and fields, and writes down what came of it, `ticket` and
// `triage` included.
base::Status triage(store::WriteTxn& txn, const Rulebook& book, Roll& roll, ticket::Ticket& ticket,
                    store::Triage& triage, base::Instant now);

// Whether the ticket's assignee is somebody of ours who is away.
bool is_left_alone(const Roll& roll, const ticket::Ticket& ticket);

// Gives the tickets of `person` that are not at an end to who stands in for them, or else releases
// them and, when `automatic`, gives them to who can take them. Their leases end.
base::Status release_all(store::WriteTxn& txn, const config::Config& config,
                         std::string_view person, const store::Act& act);

// Triage, then release from who is away, then assignment where that is automatic.
base::Status care_for(store::WriteTxn& txn, const config::Config& config, const Rulebook& book,
                      const std::vector<base::TicketId>& ids, base::Instant now);

}  // namespace beredd::service
