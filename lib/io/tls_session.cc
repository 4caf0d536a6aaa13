#include "tls_session.h"

#include "socket_bio.h"
#include "socket_error.h"

#include <cerrno>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

namespace beredd::io {
namespace {

using base::Code;
using base::permanent;
using base::Result;
using base::transient;

bool is_address(const std::string& host) {
  in6_addr parsed;  // large enough for both families
  return ::inet_pton(AF_INET, host.c_str(), &parsed) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &parsed) == 1;
}

std::string address_text(const ASN1_OCTET_STRING* bytes) {
  char text[INET6_ADDRSTRLEN] = "";
  const int family = ASN1_STRING_length(bytes) == 4 ? AF_INET : AF_INET6;
  if (family == AF_INET6 && ASN1_STRING_length(bytes) != 16) return "?";
  ::inet_ntop(family, ASN1_STRING_get0_data(bytes), text, sizeof text);
  return text;
}

// The first thing that does not verify ends the handshake; OpenSSL would say only "verify failed".
int on_verified(int verified, X509_STORE_CTX* store) {
  if (verified == 1) return 1;
  const auto* ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* session = static_cast<TlsSession*>(SSL_get_app_data(ssl));
  const int error = X509_STORE_CTX_get_error(store);
  if (error == X509_V_ERR_HOSTNAME_MISMATCH || error == X509_V_ERR_IP_ADDRESS_MISMATCH) {
    X509* certificate = X509_STORE_CTX_get0_cert(store);
    session->note_failure(fmt::format("host name mismatch: the certificate is for {}, not for {}",
                                      certificate_names(certificate), session->host()));
  } else {
    session->note_failure(X509_verify_cert_error_string(error));
  }
  return 0;
}

}  // namespace

std::string certificate_names(X509* certificate) {
  using Names = std::unique_ptr<GENERAL_NAMES, FreeWith<&GENERAL_NAMES_free>>;
  const Names names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  constexpr int kShown = 4;
  std::string all;
  const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
  for (int i = 0; i < count && i < kShown; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (!all.empty()) all += ", ";
    if (name->type == GEN_DNS) {
      all.append(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                 static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
    } else if (name->type == GEN_IPADD) {
      all += address_text(name->d.iPAddress);
    } else {
      all += "?";
    }
  }
  if (count > kShown) all += ", …";
  return all.empty() ? "no host at all" : all;
}

TlsSession::TlsSession(OpenSslContext& context, int socket, std::string_view host)
    : ssl_(context.new_session()), host_(host) {
  BIO* bio = ssl_ ? new_socket_bio(socket) : nullptr;
  if (bio == nullptr) {
    ssl_.reset();
    return;
  }
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_app_data(ssl_.get(), this);
}

TlsSession::~TlsSession() = default;

Result<std::unique_ptr<TlsSession>> TlsSession::server(OpenSslContext& context, int socket) {
  ERR_clear_error();
  std::unique_ptr<TlsSession> session(new TlsSession(context, socket, ""));
  if (!session->ssl_) return permanent(Code::tls, "OpenSSL: " + openssl_words());
  SSL_set_accept_state(session->ssl_.get());
  return session;
}

Result<std::unique_ptr<TlsSession>> TlsSession::client(OpenSslContext& context, int socket,
                                                       std::string_view host) {
  ERR_clear_error();
  std::unique_ptr<TlsSession> session(new TlsSession(context, socket, host));
  if (!session->ssl_) return permanent(Code::tls, "OpenSSL: " + openssl_words());
  SSL_set_connect_state(session->ssl_.get());
  if (auto status = session->expect_host(context.verify); !status) return std::move(status).error();
  return session;
}

base::Status TlsSession::expect_host(bool verify) {
  const bool address = is_address(host_);
  bool fine = address || host_.empty() || SSL_set_tlsext_host_name(ssl_.get(), host_.c_str()) == 1;
  if (verify) {
    SSL_set_verify(ssl_.get(), SSL_VERIFY_PEER, &on_verified);
    SSL_set_hostflags(ssl_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // An empty name would match any certificate.
    fine = fine && !host_.empty() &&
           (address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), host_.c_str()) == 1
                    : SSL_set1_host(ssl_.get(), host_.c_str()) == 1);
  }
  if (fine) return {};
  return permanent(Code::tls, fmt::format("\"{}\" is no name that a certificate can have", host_));
}

Attempt TlsSession::outcome(int returned, std::size_t count, std::string_view what) {
  const int number = errno;
  if (returned == 1) return Attempt::done(count);
  switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_WANT_READ: return Attempt::wait_read();
    case SSL_ERROR_WANT_WRITE: return Attempt::wait_write();
    case SSL_ERROR_ZERO_RETURN:
      return Attempt::failed(transient(Code::closed, fmt::format("{}: the peer has ended", what)));
    case SSL_ERROR_SYSCALL:
      broken_ = true;
      ERR_clear_error();
      return Attempt::failed(lost_stream(number != 0 ? number : ECONNRESET, what));
    default: break;
  }
  broken_ = true;
  if (ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    ERR_clear_error();
    return Attempt::failed(
        transient(Code::closed, fmt::format("{}: the peer went away without a word", what)));
  }
  return Attempt::failed(transient(Code::io, fmt::format("{}: {}", what, openssl_words())));
}

Attempt TlsSession::handshake() {
  ERR_clear_error();
  errno = 0;
  Attempt attempt = outcome(SSL_do_handshake(ssl_.get()), 0, "TLS handshake");
  const bool their_word = attempt.error && attempt.error->code == Code::io;
  if (their_word || !verification_.empty()) {
    std::string words = verification_.empty() ? attempt.error->detail : verification_;
    return Attempt::failed(permanent(Code::tls, std::move(words)));
  }
  return attempt;
}

Attempt TlsSession::read(std::span<char> buffer) {
  ERR_clear_error();
  errno = 0;
  std::size_t count = 0;
  const int returned = SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &count);
  return outcome(returned, count, "TLS read");
}

Attempt TlsSession::write(std::string_view bytes) {
  ERR_clear_error();
  errno = 0;
  std::size_t count = 0;
  const int returned = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
  return outcome(returned, count, "TLS write");
}

void TlsSession::goodbye() {
  // After a fatal error OpenSSL forbids it; before the end of the handshake there is nothing to
  // end.
  if (broken_ || SSL_is_init_finished(ssl_.get()) == 0) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

std::string TlsSession::summary() const {
  return fmt::format("{} {}", SSL_get_version(ssl_.get()), SSL_get_cipher_name(ssl_.get()));
}

}  // namespace beredd::io
