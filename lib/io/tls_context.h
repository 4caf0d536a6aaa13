#pragma once
// What a TlsContext is made of, for the streams that use one.

#include <memory>
#include <mutex>

#include <openssl/ssl.h>

#include "beredd/io/tls.h"

namespace beredd::io {

template <auto Free>
struct FreeWith {
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using SslContext = std::unique_ptr<SSL_CTX, FreeWith<&SSL_CTX_free>>;
using SslHandle = std::unique_ptr<SSL, FreeWith<&SSL_free>>;

// The SSL_CTX may be replaced while sessions are open: each holds on to the one that it began with.
// Any thread.
class OpenSslContext final : public TlsContext {
 public:
  OpenSslContext(SslContext made, bool verifies) : verify(verifies), context_(std::move(made)) {}
  SslHandle new_session() const {
    const std::lock_guard lock(mutex_);
    return SslHandle(SSL_new(context_.get()));
  }
  void replace(SslContext with) {
    const std::lock_guard lock(mutex_);
    context_.swap(with);
  }
  const bool verify;

 private:
  mutable std::mutex mutex_;
  SslContext context_;
};

// The oldest error of this thread's OpenSSL queue in words, which is then empty; "" when there is
// none.
std::string openssl_words();

// Whom a certificate is for, "a.example, b.example"; the first few names are enough for a person.
std::string certificate_names(X509* certificate);

// With the profile that both sides share. Errors: permanent/tls.
base::Result<SslContext> profiled_context(const SSL_METHOD* method);

// OpenSSL's own words for a missing file are a riddle; these are the system's. `what`:
// "certificate".
base::Status readable(const std::filesystem::path& path, std::string_view what);

}  // namespace beredd::io
