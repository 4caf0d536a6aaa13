#pragma once
// What a TlsContext is made of, for the streams that use one.

#include <memory>

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

struct OpenSslContext final : TlsContext {
  OpenSslContext(SslContext made, bool verifies) : context(std::move(made)), verify(verifies) {}
  SslContext context;
  bool verify = false;
};

// The oldest error of this thread's OpenSSL queue in words, which is then empty; "" when there is
// none.
std::string openssl_words();

}  // namespace beredd::io
