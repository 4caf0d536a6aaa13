#include "ticket_keys.h"
#include "tls_context.h"

#include <ctime>
#include <string>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

namespace beredd::io {
namespace {

using base::Code;
using base::permanent;
using base::Result;
using base::Status;

// What a context chooses from besides its own certificate; belongs to the context, so that a
// handshake under way outlives a reload.
using Others = std::vector<SslContext>;

int index_of_others() {
  static const int index = SSL_CTX_get_ex_new_index(
      0, nullptr, nullptr, nullptr, [](void*, void* others, CRYPTO_EX_DATA*, int, long, void*) {
        delete static_cast<Others*>(others);
      });
  return index;
}

bool bears(SSL_CTX* context, const char* name, unsigned flags) {
  return X509_check_host(SSL_CTX_get0_certificate(context), name, 0,
                         flags | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, nullptr) == 1;
}

// Null: none of them.
SSL_CTX* bearer_of(const char* name, SSL_CTX* first, const Others& others) {
  for (const unsigned flags : {unsigned{X509_CHECK_FLAG_NO_WILDCARDS}, 0u}) {
    if (bears(first, name, flags)) return first;
    for (const SslContext& other : others) {
      if (bears(other.get(), name, flags)) return other.get();
    }
  }
  return nullptr;
}

int on_server_name(SSL* ssl, int*, void*) {
  const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  SSL_CTX* first = SSL_get_SSL_CTX(ssl);
  const auto* others = static_cast<Others*>(SSL_CTX_get_ex_data(first, index_of_others()));
  if (name == nullptr || others == nullptr) return SSL_TLSEXT_ERR_NOACK;
  SSL_CTX* chosen = bearer_of(name, first, *others);
  ERR_clear_error();
  // Another name is no reason to refuse: mail servers ask for what stands in the MX.
  if (chosen == nullptr) return SSL_TLSEXT_ERR_NOACK;
  if (chosen != first) SSL_set_SSL_CTX(ssl, chosen);
  return SSL_TLSEXT_ERR_OK;
}

Status load_pair(SSL_CTX* context, const std::filesystem::path& chain,
                 const std::filesystem::path& key) {
  if (auto status = readable(chain, "certificate"); !status) return status;
  if (auto status = readable(key, "private key"); !status) return status;
  if (SSL_CTX_use_certificate_chain_file(context, chain.c_str()) != 1) {
    return permanent(Code::tls, fmt::format("certificate {}: not a PEM certificate chain: {}",
                                            chain.string(), openssl_words()));
  }
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) {
    const bool mismatch = ERR_GET_REASON(ERR_peek_error()) == X509_R_KEY_VALUES_MISMATCH;
    const std::string why = openssl_words();
    if (mismatch) {
      return permanent(Code::tls, fmt::format("private key {}: does not belong to certificate {}",
                                              key.string(), chain.string()));
    }
    return permanent(Code::tls,
                     fmt::format("private key {}: not a PEM private key without a passphrase: {}",
                                 key.string(), why));
  }
  return {};
}

Result<SslContext> context_of(const CertificateFiles& files,
                              const std::shared_ptr<TicketKeys>& keys) {
  auto made = profiled_context(TLS_server_method());
  if (!made) return made;
  SSL_CTX* context = made->get();
  SSL_CTX_set_dh_auto(context, 1);
  if (auto loaded = load_pair(context, files.certificate, files.private_key); !loaded) {
    return std::move(loaded).error();
  }
  // One ticket: a mail server opens its connections one after the other, or each for itself.
  static constexpr unsigned char kSessions[] = {'b', 'e', 'r', 'e', 'd', 'd'};
  if (SSL_CTX_set_session_id_context(context, kSessions, sizeof kSessions) != 1 ||
      SSL_CTX_set_num_tickets(context, 1) != 1 || !use_ticket_keys(context, keys)) {
    return permanent(Code::tls, "OpenSSL cannot be set up: " + openssl_words());
  }
  return made;
}

// Never fails: a time that cannot be read counts as long past.
base::Instant time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return base::Instant(std::chrono::seconds(::timegm(&parts)));
}

CertificateFacts facts_of(const CertificateFiles& files, SSL_CTX* context) {
  X509* certificate = SSL_CTX_get0_certificate(context);
  return {files.certificate, certificate_names(certificate),
          time_of(X509_get0_notAfter(certificate))};
}

struct Loaded {
  SslContext context;
  std::vector<CertificateFacts> facts;
};

Result<Loaded> load(const std::vector<CertificateFiles>& files,
                    const std::shared_ptr<TicketKeys>& keys) {
  ERR_clear_error();
  Loaded loaded;
  auto others = std::make_unique<Others>();
  for (const CertificateFiles& each : files) {
    auto made = context_of(each, keys);
    if (!made) return std::move(made).error();
    loaded.facts.push_back(facts_of(each, made->get()));
    if (loaded.context) {
      others->push_back(std::move(*made));
    } else {
      loaded.context = std::move(*made);
    }
  }
  SSL_CTX* first = loaded.context.get();
  SSL_CTX_set_tlsext_servername_callback(first, &on_server_name);
  if (SSL_CTX_set_ex_data(first, index_of_others(), others.get()) != 1) {
    return permanent(Code::tls, "OpenSSL cannot be set up: " + openssl_words());
  }
  (void)others.release();  // the context's now
  return loaded;
}

class OpenSslCertificates final : public ServerCertificates {
 public:
  explicit OpenSslCertificates(std::vector<CertificateFiles> files) : files_(std::move(files)) {}

  TlsContext& context() override { return *context_; }

  Status reload() override {
    auto loaded = load(files_, keys_);
    if (!loaded) return std::move(loaded).error();
    const std::lock_guard lock(mutex_);
    if (context_) {
      context_->replace(std::move(loaded->context));
    } else {
      context_ = std::make_unique<OpenSslContext>(std::move(loaded->context), /*verifies=*/false);
    }
    facts_ = std::move(loaded->facts);
    return {};
  }

  std::vector<CertificateFacts> in_use() const override {
    const std::lock_guard lock(mutex_);
    return facts_;
  }

 private:
  const std::vector<CertificateFiles> files_;
  const std::shared_ptr<TicketKeys> keys_ = std::make_shared<TicketKeys>();
  mutable std::mutex mutex_;
  std::unique_ptr<OpenSslContext> context_;  // made once: whoever serves holds on to it
  std::vector<CertificateFacts> facts_;
};

}  // namespace

Result<std::unique_ptr<ServerCertificates>> server_certificates(
    std::vector<CertificateFiles> files) {
  auto made = std::make_unique<OpenSslCertificates>(std::move(files));
  if (auto loaded = made->reload(); !loaded) return std::move(loaded).error();
  std::unique_ptr<ServerCertificates> certificates = std::move(made);
  return certificates;
}

Result<std::unique_ptr<TlsContext>> server_tls(const std::filesystem::path& certificate_chain,
                                               const std::filesystem::path& private_key) {
  auto loaded = load({{certificate_chain, private_key}}, std::make_shared<TicketKeys>());
  if (!loaded) return std::move(loaded).error();
  std::unique_ptr<TlsContext> context =
      std::make_unique<OpenSslContext>(std::move(loaded->context), /*verifies=*/false);
  return context;
}

}  // namespace beredd::io
