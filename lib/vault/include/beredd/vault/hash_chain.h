#pragma once
// A chain of digests that makes a journal tamper-evident: each link covers the one before it.

#include <string_view>

#include "beredd/base/digest.h"

namespace beredd::vault {

// The link before the first entry: all zero.
base::Sha256 chain_start();

// SHA-256(previous ‖ 8-byte big-endian length ‖ entry).
base::Sha256 chain_next(const base::Sha256& previous, std::string_view entry);

}  // namespace beredd::vault
