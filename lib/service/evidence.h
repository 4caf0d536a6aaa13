#pragma once
// Looks up in the store what the clues of a mail name.

#include "beredd/config/config.h"
#include "beredd/store/store.h"
#include "beredd/ticket/thread.h"

namespace beredd::service {

// Whether it is a whole address of a desk, with a detail or without. It is no party of a ticket:
// everybody writes to it.
bool is_own_address(const config::Config& config, std::string_view address);

ticket::Findings find_evidence(const store::ReadTxn& txn, const config::Config& config,
                               const config::Desk& desk, const ticket::Clues& clues);

// Remembers who was seen in the ticket that a mail joined, and under which subject.
base::Status remember_parties(store::WriteTxn& txn, const config::Config& config,
                              const config::Desk& desk, const ticket::Clues& clues,
                              const mail::Reading& reading, const mail::Envelope& envelope,
                              base::TicketId ticket);

}  // namespace beredd::service
