#pragma once
// A mail that comes twice.

#include <optional>

#include "beredd/store/store.h"

namespace beredd::service {

// The message of the same desk that is the same mail as this one: the same Message-ID, and the same
// content as people see it, whatever the hosts on its way added. Nothing where the earlier one was
// given up on its way to `primary`: then this one takes its place.
// Errors: of the store.
base::Result<std::optional<base::MessageId>> earlier_copy(const store::ReadTxn& txn,
                                                          const store::Message& message,
                                                          const mail::Reading& reading,
                                                          std::string_view primary);

}  // namespace beredd::service
