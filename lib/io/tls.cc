#include "beredd/io/tls.h"

#include "socket_error.h"
#include "tls_context.h"

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <unistd.h>

namespace beredd::io {
namespace {

using base::Code;
using base::permanent;
using base::Result;
using base::Status;

// Mozilla's "intermediate" profile, version 5.7: TLS 1.2 with forward secrecy and AEAD only,
// and 1.3.
constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
    "DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-CHACHA20-POLY1305";
constexpr const char* kGroups = "X25519:P-256:P-384";

Result<SslContext> make_context(const SSL_METHOD* method) {
  SslContext context(SSL_CTX_new(method));
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(context.get(), kCiphers) != 1 ||
      SSL_CTX_set1_groups_list(context.get(), kGroups) != 1) {
    return base::permanent(Code::tls, "OpenSSL cannot be set up: " + openssl_words());
  }
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // Idle connections keep no record buffers; a write may be continued from another address.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context.get(), 1);
  // Sessions resume by tickets or not at all: a cache would grow with the number of peers.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  // A key with a passphrase is an error; without this, OpenSSL asks for it on the terminal.
  SSL_CTX_set_default_passwd_cb(context.get(), [](char*, int, int, void*) { return -1; });
  return context;
}

// OpenSSL's own words for a missing file are a riddle; the system's are not.
Status readable(const std::filesystem::path& path, std::string_view what) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return permanent(Code::invalid,
                     fmt::format("{} {}: {}", what, path.string(), system_words(errno)));
  }
  ::close(fd);
  return {};
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

Status load_authorities(SSL_CTX* context, const std::optional<std::filesystem::path>& ca_file) {
  if (!ca_file) {
    if (SSL_CTX_set_default_verify_paths(context) == 1) return {};
    return permanent(Code::tls, "the system's certificate authorities: " + openssl_words());
  }
  if (auto status = readable(*ca_file, "certificate authorities"); !status) return status;
  if (SSL_CTX_load_verify_file(context, ca_file->c_str()) == 1) return {};
  return permanent(Code::tls,
                   fmt::format("certificate authorities {}: no PEM certificate in it: {}",
                               ca_file->string(), openssl_words()));
}

}  // namespace

std::string openssl_words() {
  const unsigned long first = ERR_get_error();
  ERR_clear_error();
  if (first == 0) return "";
  const char* reason = ERR_reason_error_string(first);
  return reason != nullptr ? reason : fmt::format("OpenSSL error {:#x}", first);
}

Result<std::unique_ptr<TlsContext>> server_tls(const std::filesystem::path& certificate_chain,
                                               const std::filesystem::path& private_key) {
  ERR_clear_error();
  auto made = make_context(TLS_server_method());
  if (!made) return std::move(made).error();
  SSL_CTX_set_dh_auto(made->get(), 1);
  auto loaded = load_pair(made->get(), certificate_chain, private_key);
  if (!loaded) return std::move(loaded).error();
  std::unique_ptr<TlsContext> context =
      std::make_unique<OpenSslContext>(std::move(*made), /*verifies=*/false);
  return context;
}

Result<std::unique_ptr<TlsContext>> client_tls(const ClientTls& options) {
  ERR_clear_error();
  auto made = make_context(TLS_client_method());
  if (!made) return std::move(made).error();
  if (options.verify) {
    auto loaded = load_authorities(made->get(), options.ca_file);
    if (!loaded) return std::move(loaded).error();
  }
  std::unique_ptr<TlsContext> context =
      std::make_unique<OpenSslContext>(std::move(*made), options.verify);
  return context;
}

}  // namespace beredd::io
