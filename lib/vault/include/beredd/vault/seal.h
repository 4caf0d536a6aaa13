#pragma once
// Sealing (AES-256-GCM, NIST SP 800-38D) and blind indices (HMAC-SHA256, RFC 2104). Any thread.
// REQUIRES of all: a plaintext is under 2 GiB.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "beredd/base/random.h"
#include "beredd/base/result.h"
#include "beredd/vault/key.h"

namespace beredd::vault {

inline constexpr std::size_t kNonceSize = 12;
inline constexpr std::size_t kTagSize = 16;
inline constexpr std::size_t kSealOverhead = kNonceSize + kTagSize;  // of seal()

// nonce ‖ ciphertext ‖ tag under a random nonce. `where` is authenticated and not stored: a record
// moved to another key of the table does not open. At most 2^32 seals per key.
std::string seal(const Key& key, base::Random& random, std::string_view where,
                 std::string_view plaintext);
// Errors: permanent/corrupt when one bit, the key or `where` differs.
base::Result<std::string> open(const Key& key, std::string_view where, std::string_view sealed);

// ciphertext ‖ tag under a counted nonce. Says nothing of chunks that are missing at the end:
// whoever stores them also stores how many there are. REQUIRES: `key` seals each `index` once, and
// nothing by seal().
std::string seal_chunk(const Key& key, std::uint32_t index, std::string_view plaintext);
base::Result<std::string> open_chunk(const Key& key, std::uint32_t index, std::string_view sealed);

// A name for `text` that tells nothing of it without the key: the first 16 bytes of its HMAC.
using Blind = std::array<std::byte, 16>;
Blind blind(const Key& key, std::string_view text);

}  // namespace beredd::vault
