// The part of Transaction on how work is shared. A disk on its reserve has no room for more of it,
// but who is back, or has ended an answer, may say so.

#include "transaction.h"

namespace beredd::store {

base::Status Transaction::put_absence(const ticket::Absence& absence, const Act& act) {
  if (change_.scarce) return too_scarce();
  return store::put_absence(change_, absence, act);
}

base::Status Transaction::drop_absence(std::string_view person, const Act& act) {
  return store::drop_absence(change_, person, act);
}

base::Status Transaction::put_lease(const ticket::Lease& lease, const Act& act) {
  if (change_.scarce) return too_scarce();
  return store::put_lease(change_, lease, act);
}

base::Status Transaction::drop_lease(base::TicketId id, const Act& act) {
  return store::drop_lease(change_, id, act);
}

base::Status Transaction::put_staffing(const StaffingChoice& choice) {
  if (change_.scarce) return too_scarce();
  return store::put_staffing(change_, choice);
}

base::Status Transaction::put_triage(const Triage& triage) {
  if (change_.scarce) return too_scarce();
  return store::put_triage(change_, triage);
}

}  // namespace beredd::store
