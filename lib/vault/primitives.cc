#include "primitives.h"

#include <cstdlib>
#include <limits>
#include <memory>
#include <string>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

namespace beredd::vault {
namespace {

template <auto free_function>
struct Free {
  template <typename T>
  void operator()(T* thing) const {
    free_function(thing);
  }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Free<EVP_CIPHER_CTX_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, Free<EVP_MAC_CTX_free>>;

void require(bool done) {
  if (!done) std::abort();
}

// Algorithms are fetched once, because OpenSSL 3 spends microseconds on each look-up, and never
// freed.
template <typename T>
T* fetched(T* algorithm) {
  require(algorithm != nullptr);
  return algorithm;
}

const unsigned char* octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* octets(char* out) { return reinterpret_cast<unsigned char*>(out); }

int length(std::string_view text) {
  require(text.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
  return static_cast<int>(text.size());
}

OSSL_PARAM digest_param(const char* name) {
  static char sha256[] = "SHA256";
  return OSSL_PARAM_construct_utf8_string(name, sha256, 0);
}

CipherContext new_cipher() {
  static EVP_CIPHER* const algorithm = fetched(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  CipherContext context(EVP_CIPHER_CTX_new());
  require(context &&
          EVP_CipherInit_ex2(context.get(), algorithm, nullptr, nullptr, 1, nullptr) == 1);
  return context;
}

enum class Direction { open = 0, seal = 1 };

// The calling thread's cipher, ready for a text.
EVP_CIPHER_CTX* begin(const Gcm& gcm, Direction direction) {
  require(gcm.key.size() == kGcmKeySize && gcm.nonce.size() == kGcmNonceSize);
  thread_local const CipherContext context = new_cipher();
  require(EVP_CipherInit_ex2(context.get(), nullptr, octets(gcm.key), octets(gcm.nonce),
                             static_cast<int>(direction), nullptr) == 1);
  int written = 0;
  require(gcm.associated.empty() ||
          EVP_CipherUpdate(context.get(), nullptr, &written, octets(gcm.associated),
                           length(gcm.associated)) == 1);
  return context.get();
}

void transform(EVP_CIPHER_CTX* context, std::string_view text, char* out) {
  int written = 0;
  require(text.empty() ||
          EVP_CipherUpdate(context, octets(out), &written, octets(text), length(text)) == 1);
}

}  // namespace

void gcm_seal(const Gcm& gcm, std::string_view plaintext, char* out) {
  EVP_CIPHER_CTX* context = begin(gcm, Direction::seal);
  transform(context, plaintext, out);
  char* const tag = out + plaintext.size();
  int written = 0;
  require(EVP_CipherFinal_ex(context, octets(tag), &written) == 1);
  require(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kGcmTagSize, tag) == 1);
}

bool gcm_open(const Gcm& gcm, std::string_view sealed, char* out) {
  require(sealed.size() >= kGcmTagSize);
  const std::string_view text = sealed.substr(0, sealed.size() - kGcmTagSize);
  std::array<char, kGcmTagSize> tag{};
  sealed.copy(tag.data(), tag.size(), text.size());

  EVP_CIPHER_CTX* context = begin(gcm, Direction::open);
  transform(context, text, out);
  require(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kGcmTagSize, tag.data()) == 1);
  int written = 0;
  std::array<unsigned char, 16> none{};
  const bool genuine = EVP_CipherFinal_ex(context, none.data(), &written) == 1;
  if (!genuine) OPENSSL_cleanse(out, text.size());
  return genuine;
}

namespace {

// The digest is set once for each thread: to name it is to have OpenSSL look it up.
EVP_MAC_CTX* hmac_context() {
  static EVP_MAC* const algorithm = fetched(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  thread_local const MacContext context = [] {
    MacContext made(EVP_MAC_CTX_new(algorithm));
    const OSSL_PARAM params[] = {digest_param(OSSL_MAC_PARAM_DIGEST), OSSL_PARAM_construct_end()};
    require(made && EVP_MAC_CTX_set_params(made.get(), params) == 1);
    return made;
  }();
  return context.get();
}

}  // namespace

Mac hmac_sha256(std::string_view key, std::string_view text) {
  EVP_MAC_CTX* const context = hmac_context();
  // OpenSSL takes no key of no length; RFC 2104 pads it with zeros to the block.
  static constexpr std::array<char, sizeof(Mac)> kZeros{};
  if (key.empty()) key = {kZeros.data(), kZeros.size()};
  require(EVP_MAC_init(context, octets(key), key.size(), nullptr) == 1);
  require(EVP_MAC_update(context, octets(text), text.size()) == 1);
  Mac mac;
  std::size_t size = 0;
  require(EVP_MAC_final(context, reinterpret_cast<unsigned char*>(mac.data()), &size, mac.size()) ==
          1);
  return mac;
}

// RFC 5869 §2 for one block of output: two HMACs. OpenSSL's own takes several times as long,
// because it looks its digest up and makes a context for every key.
Mac hkdf_sha256(std::string_view secret, std::string_view salt, std::string_view info) {
  Mac pseudo_random_key = hmac_sha256(salt, secret);
  std::string block(info);
  block += '\x01';
  const Mac okm = hmac_sha256(
      {reinterpret_cast<const char*>(pseudo_random_key.data()), pseudo_random_key.size()}, block);
  wipe(pseudo_random_key);
  return okm;
}

void wipe(std::span<std::byte> bytes) { OPENSSL_cleanse(bytes.data(), bytes.size()); }

}  // namespace beredd::vault
