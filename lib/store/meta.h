#pragma once
// What the store knows of itself: version, instance, master key, counters.

#include "change.h"

namespace beredd::store {

// The version that this code writes. docs/store-format.md says what each one holds.
inline constexpr std::uint32_t kVersion = 4;

struct Identity {
  std::string instance;     // 8 hexadecimal digits
  std::uint64_t opens = 0;  // how often the store was opened, this time included
};

// Makes a new store, or checks and upgrades an older one; counts the opening.
// Errors: permanent/version, permanent/corrupt (not our master key, a row is damaged).
base::Result<Identity> open_meta(Tables& tables, base::Random& random);

// Errors: permanent/corrupt.
base::Result<Counters> read_counters(const Tables& tables);
void put_counters(Tables& tables, const Counters& counters);

}  // namespace beredd::store
