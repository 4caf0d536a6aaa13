#pragma once
// Absences, leases, the staffing level and what rules found out. Every write but triage's has its
// journal entry here; what triage does to a ticket is told by whoever updates that.

#include "change.h"

#include "beredd/store/rota.h"

namespace beredd::store {

std::string encode(const ticket::Absence& absence);
std::string encode(const ticket::Lease& lease);  // without its ticket
std::string encode(const StaffingChoice& choice);
std::string encode(const Triage& triage);  // without its ticket
base::Result<ticket::Absence> decode_absence(std::string_view bytes);
base::Result<ticket::Lease> decode_lease(base::TicketId ticket, std::string_view bytes);
base::Result<StaffingChoice> decode_staffing(std::string_view bytes);
base::Result<Triage> decode_triage(base::TicketId ticket, std::string_view bytes);

base::Result<std::vector<ticket::Absence>> list_absences(const Tables& tables);
base::Result<std::vector<ticket::Lease>> list_leases(const Tables& tables);
base::Result<std::optional<ticket::Lease>> read_lease(const Tables& tables, base::TicketId named);
base::Result<StaffingChoice> read_staffing(const Tables& tables);
base::Result<Triage> read_triage(const Tables& tables, base::TicketId named);

base::Status put_absence(Change& change, const ticket::Absence& absence, const Act& act);
base::Status drop_absence(Change& change, std::string_view person, const Act& act);
base::Status put_lease(Change& change, const ticket::Lease& lease, const Act& act);
base::Status drop_lease(Change& change, base::TicketId ticket, const Act& act);
base::Status put_staffing(Change& change, const StaffingChoice& choice);
base::Status put_triage(Change& change, const Triage& triage);

}  // namespace beredd::store
