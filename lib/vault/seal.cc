#include "beredd/vault/seal.h"

#include "primitives.h"

#include <algorithm>
#include <limits>
#include <span>

namespace beredd::vault {
namespace {

static_assert(Key::kSize == kGcmKeySize && kNonceSize == kGcmNonceSize && kTagSize == kGcmTagSize);

// Eight zero bytes and the index, big-endian.
std::array<char, kNonceSize> counted_nonce(std::uint32_t index) {
  std::array<char, kNonceSize> nonce{};
  for (std::size_t i = 0; i < 4; ++i) {
    nonce[kNonceSize - 1 - i] = static_cast<char>(index >> 8 * i & 0xff);
  }
  return nonce;
}

std::string_view view(const std::array<char, kNonceSize>& nonce) {
  return {nonce.data(), nonce.size()};
}

base::Result<std::string> open_text(const Gcm& gcm, std::string_view sealed) {
  constexpr std::size_t kMost = std::numeric_limits<int>::max();
  if (sealed.size() < kTagSize || sealed.size() > kMost) {
    return base::permanent(base::Code::corrupt, "a sealed record has an impossible size");
  }
  std::string plaintext(sealed.size() - kTagSize, '\0');
  if (!gcm_open(gcm, sealed, plaintext.data())) {
    return base::permanent(base::Code::corrupt,
                           "a sealed record was altered, moved or has another key");
  }
  return plaintext;
}

}  // namespace

std::string seal(const Key& key, base::Random& random, std::string_view where,
                 std::string_view plaintext) {
  std::string sealed(plaintext.size() + kSealOverhead, '\0');
  random.fill(std::as_writable_bytes(std::span(sealed).first(kNonceSize)));
  const std::string_view nonce = std::string_view(sealed).substr(0, kNonceSize);
  gcm_seal({key.bytes(), nonce, where}, plaintext, sealed.data() + kNonceSize);
  return sealed;
}

base::Result<std::string> open(const Key& key, std::string_view where, std::string_view sealed) {
  const std::string_view nonce = sealed.substr(0, kNonceSize);
  if (nonce.size() < kNonceSize) {
    return base::permanent(base::Code::corrupt, "a sealed record has an impossible size");
  }
  return open_text({key.bytes(), nonce, where}, sealed.substr(kNonceSize));
}

std::string seal_chunk(const Key& key, std::uint32_t index, std::string_view plaintext) {
  const auto nonce = counted_nonce(index);
  std::string sealed(plaintext.size() + kTagSize, '\0');
  gcm_seal({key.bytes(), view(nonce), {}}, plaintext, sealed.data());
  return sealed;
}

base::Result<std::string> open_chunk(const Key& key, std::uint32_t index, std::string_view sealed) {
  const auto nonce = counted_nonce(index);
  return open_text({key.bytes(), view(nonce), {}}, sealed);
}

Blind blind(const Key& key, std::string_view text) {
  const Mac mac = hmac_sha256(key.bytes(), text);
  Blind name;
  std::copy_n(mac.begin(), name.size(), name.begin());
  return name;
}

}  // namespace beredd::vault
