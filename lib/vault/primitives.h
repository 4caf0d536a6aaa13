#pragma once
// The wall around OpenSSL: AES-256-GCM, HMAC and HKDF with SHA-256 over plain views. Any thread;
// each thread keeps its contexts, which hold the last key used until the next one or the thread's
// end. OpenSSL fails here only when memory is out or the library is broken: the process then ends.

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace beredd::vault {

inline constexpr std::size_t kGcmKeySize = 32;
inline constexpr std::size_t kGcmNonceSize = 12;
inline constexpr std::size_t kGcmTagSize = 16;

using Mac = std::array<std::byte, 32>;

// One AES-256-GCM operation, less its text. REQUIRES: the sizes above, and under 2 GiB of each
// text.
struct Gcm {
  std::string_view key;
  std::string_view nonce;
  std::string_view associated;  // authenticated, not encrypted
};

// Writes plaintext.size() bytes of ciphertext and the tag behind them.
void gcm_seal(const Gcm& gcm, std::string_view plaintext, char* out);
// Writes sealed.size() - kGcmTagSize bytes; false, and nothing legible in `out`, when the tag is
// not that of the text. REQUIRES: sealed.size() >= kGcmTagSize.
bool gcm_open(const Gcm& gcm, std::string_view sealed, char* out);

Mac hmac_sha256(std::string_view key, std::string_view text);

// The first block of HKDF's output, 32 bytes (RFC 5869 §2).
Mac hkdf_sha256(std::string_view secret, std::string_view salt, std::string_view info);

void wipe(std::span<std::byte> bytes);

}  // namespace beredd::vault
