#pragma once
// What happened to a ticket, as far as its promises are concerned, out of the store.

#include <vector>

#include "beredd/store/store.h"
#include "beredd/ticket/service_level.h"

namespace beredd::service {

// In order of time. A mail counts when a person wrote it; a message of ours when it went to
// somebody who had written, or to the requester, and no machine made it; a state when somebody, or
// its time, changed it. One that went back is closed when the primary had taken all of it. Errors:
// those of the transaction.
base::Result<std::vector<ticket::Happening>> happenings_of(const store::ReadTxn& txn,
                                                           const ticket::Ticket& ticket);

}  // namespace beredd::service
