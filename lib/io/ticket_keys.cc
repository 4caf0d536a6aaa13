#include "ticket_keys.h"

#include <algorithm>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

namespace beredd::io {
namespace {

template <std::size_t Size>
bool fill(std::array<unsigned char, Size>& bytes) {
  return RAND_bytes(bytes.data(), static_cast<int>(Size)) == 1;
}

int index_of_keys() {
  static const int index = SSL_CTX_get_ex_new_index(
      0, nullptr, nullptr, nullptr, [](void*, void* keys, CRYPTO_EX_DATA*, int, long, void*) {
        delete static_cast<std::shared_ptr<TicketKeys>*>(keys);
      });
  return index;
}

bool set_up(EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, TicketKey& key, unsigned char* iv,
            bool seals) {
  char digest[] = "SHA256";
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key.mac.data(), key.mac.size()),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end()};
  const bool ready = EVP_MAC_CTX_set_params(mac, params) == 1 &&
                     EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key.cipher.data(), iv,
                                       seals ? 1 : 0) == 1;
  OPENSSL_cleanse(&key, sizeof key);
  return ready;
}

// What OpenSSL wants to hear: an error, no such key, fine, fine but give a new ticket.
constexpr int kError = -1, kUnknown = 0, kFine = 1, kRenew = 2;

int on_ticket(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
              EVP_MAC_CTX* mac, int seals) {
  TicketKeys* keys = static_cast<std::shared_ptr<TicketKeys>*>(
                         SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), index_of_keys()))
                         ->get();
  const auto now = std::chrono::steady_clock::now();
  if (seals == 1) {
    auto key = keys->issuing(now);
    if (!key || RAND_bytes(iv, EVP_MAX_IV_LENGTH) != 1) return kUnknown;
    std::copy(key->name.begin(), key->name.end(), name);
    return set_up(cipher, mac, *key, iv, true) ? kFine : kError;
  }
  auto found = keys->find(std::span<const unsigned char, 16>(name, 16), now);
  if (!found) return kUnknown;
  if (!set_up(cipher, mac, found->key, iv, false)) return kError;
  // TLS 1.3 gives a new ticket with every resumption anyway (RFC 8446 §C.4: used once).
  return found->renew || SSL_version(ssl) == TLS1_3_VERSION ? kRenew : kFine;
}

}  // namespace

TicketKeys::~TicketKeys() {
  for (Aged& aged : keys_) OPENSSL_cleanse(&aged.key, sizeof aged.key);
}

void TicketKeys::forget_old(Point now) {
  while (!keys_.empty() && now - keys_.back().made >= 2 * kIssuing) {
    OPENSSL_cleanse(&keys_.back().key, sizeof keys_.back().key);
    keys_.pop_back();
  }
}

std::optional<TicketKey> TicketKeys::issuing(Point now) {
  const std::lock_guard lock(mutex_);
  forget_old(now);
  if (keys_.empty() || now - keys_.front().made >= kIssuing) {
    TicketKey key;
    if (!fill(key.name) || !fill(key.cipher) || !fill(key.mac)) return std::nullopt;
    keys_.push_front({key, now});
    OPENSSL_cleanse(&key, sizeof key);
  }
  return keys_.front().key;
}

std::optional<TicketKeys::Found> TicketKeys::find(std::span<const unsigned char, 16> name,
                                                  Point now) {
  const std::lock_guard lock(mutex_);
  forget_old(now);
  for (const Aged& aged : keys_) {
    if (!std::equal(name.begin(), name.end(), aged.key.name.begin())) continue;
    return Found{aged.key, now - aged.made >= kIssuing};
  }
  return std::nullopt;
}

bool use_ticket_keys(SSL_CTX* context, std::shared_ptr<TicketKeys> keys) {
  auto held = std::make_unique<std::shared_ptr<TicketKeys>>(std::move(keys));
  if (SSL_CTX_set_ex_data(context, index_of_keys(), held.get()) != 1) return false;
  (void)held.release();  // the context's now
  return SSL_CTX_set_tlsext_ticket_key_evp_cb(context, &on_ticket) == 1;
}

}  // namespace beredd::io
