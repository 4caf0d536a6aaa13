#pragma once
// What the rota knows, in the shapes of the API.

#include "views.h"

#include "beredd/api/rota.h"
#include "beredd/service/rota.h"

namespace beredd::control {

std::vector<api::Colleague> people_view(const config::Config& config, const service::Roll& roll);
api::Staffing staffing_view(const config::Config& config, const service::Roll& roll);
api::Lease lease_view(const ticket::Lease& lease);

// Who is answering each of `tickets`, where somebody is.
base::Status add_leases(const store::ReadTxn& txn, base::Instant now, base::Duration length,
                        std::vector<api::Ticket>& tickets);
// The same for one, with what rules found out about it.
base::Status add_triage(const store::ReadTxn& txn, base::Instant now, base::Duration length,
                        api::Ticket& ticket);

}  // namespace beredd::control
