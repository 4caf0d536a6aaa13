#include "beredd/io/tls.h"

#include "socket_error.h"
#include "tls_context.h"

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <sys/stat.h>
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

Result<SslContext> profiled_context(const SSL_METHOD* method) {
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

Status readable(const std::filesystem::path& path, std::string_view what) {
  // OpenSSL opens it again, and would wait for as long as it takes for the other end of a pipe.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    return permanent(Code::invalid,
                     fmt::format("{} {}: {}", what, path.string(), system_words(errno)));
  }
  struct stat status {};
  const bool is_file = ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
  ::close(fd);
  if (is_file) return {};
  return permanent(Code::invalid, fmt::format("{} {}: not a file", what, path.string()));
}

Result<std::unique_ptr<TlsContext>> client_tls(const ClientTls& options) {
  ERR_clear_error();
  auto made = profiled_context(TLS_client_method());
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
