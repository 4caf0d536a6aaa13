#pragma once
// The parts of a delivery that goes several ways: what is written of them, and noted.

#include "change.h"

#include "beredd/store/store.h"

namespace beredd::store {

// As WriteTxn::put_parts. Errors: permanent/not_found; permanent/conflict when it is finished.
base::Status put_parts(Change& change, base::MessageId id, std::string_view target,
                       std::vector<DeliveryPart> parts, base::Instant at);
// What was not taken is to be tried again from `at` on.
void reopen_parts(Delivery& delivery, base::Instant at);

}  // namespace beredd::store
