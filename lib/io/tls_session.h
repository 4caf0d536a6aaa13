#pragma once
// One TLS connection over a non-blocking socket: OpenSSL driven by attempts, without a loop or a
// thread. An idle session holds no record buffers (SSL_MODE_RELEASE_BUFFERS); nothing is copied in
// between.

#include "attempt.h"
#include "tls_context.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "beredd/base/result.h"

namespace beredd::io {

class TlsSession {
 public:
  // The socket stays the caller's and outlives the session. Errors: permanent/tls.
  static base::Result<std::unique_ptr<TlsSession>> server(OpenSslContext& context, int socket);
  // Sends `host` as SNI unless it is an address; it must match the certificate when `context`
  // verifies.
  static base::Result<std::unique_ptr<TlsSession>> client(OpenSslContext& context, int socket,
                                                          std::string_view host);
  ~TlsSession();

  Attempt handshake();  // failed: permanent/tls, transient/closed
  Attempt read(std::span<char> buffer);
  bool holds_input() const { return SSL_has_pending(ssl_.get()) == 1; }
  Attempt write(std::string_view bytes);  // done: part of `bytes` at least
  void goodbye();                         // close_notify, if it can be sent without waiting

  std::string summary() const;  // "TLSv1.3 TLS_AES_256_GCM_SHA384"

  // For OpenSSL's callback: why the chain did not verify.
  void note_failure(std::string words) { verification_ = std::move(words); }
  const std::string& host() const { return host_; }

 private:
  TlsSession(OpenSslContext& context, int socket, std::string_view host);
  base::Status expect_host(bool verify);
  Attempt outcome(int returned, std::size_t count, std::string_view what);

  SslHandle ssl_;
  std::string host_;
  std::string verification_;
  bool broken_ = false;
};

}  // namespace beredd::io
