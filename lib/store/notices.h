#pragma once
// Who was told that their mail has arrived, and when, in its tables; the contracts are ReadTxn's
// and WriteTxn's. No address is in them: only its blind, and that for a few days.

#include "change.h"

namespace beredd::store {

std::optional<base::Instant> last_notice(const Tables& tables, std::string_view sender);
std::uint64_t notices_since(const Tables& tables, std::string_view desk, base::Instant since,
                            std::uint64_t most);
base::Status put_notice(Change& change, std::string_view desk, std::string_view sender,
                        base::Instant at);
base::Result<bool> forget_notices(Change& change, base::Instant before, base::Instant now,
                                  std::size_t limit);

}  // namespace beredd::store
