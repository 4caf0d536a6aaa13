#pragma once
// A byte stream to a peer: TCP, TLS over TCP, a Unix socket, or a simulated one.

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "beredd/base/result.h"
#include "beredd/base/units.h"
#include "beredd/io/task.h"

namespace beredd::io {

class TlsContext;

// Used from its executor only. One read and one write may be under way at once.
// Errors of every operation: transient/timeout, transient/closed (the peer went away; also a read
// at the end of the stream), transient/io, transient/cancelled after close().
class Stream {
 public:
  virtual ~Stream() = default;

  // At least one byte, at most buffer.size().
  virtual Task<base::Result<std::size_t>> read(std::span<char> buffer, base::Duration timeout) = 0;
  // Waits until read() has something to say, so that a connection that is silent needs no buffer.
  virtual Task<base::Status> readable(base::Duration timeout);
  // All of `bytes`. The caller keeps them alive.
  virtual Task<base::Status> write(std::string_view bytes, base::Duration timeout) = 0;

  // From here on the stream is encrypted. Errors: permanent/tls, naming what did not verify.
  // As client, `host` is sent (SNI) and must match the certificate.
  virtual Task<base::Status> start_tls_server(TlsContext& context, base::Duration timeout) = 0;
  virtual Task<base::Status> start_tls_client(TlsContext& context, std::string_view host,
                                              base::Duration timeout) = 0;
  virtual bool secure() const = 0;
  virtual std::string tls_summary() const = 0;  // "TLSv1.3 TLS_AES_256_GCM_SHA384", "" in the clear

  // What waits is ended with cancelled. Idempotent.
  virtual void close() = 0;

  virtual std::string peer_address() const = 0;  // "192.0.2.7", "2001:db8::7", "unix"
  virtual Executor executor() = 0;
};

}  // namespace beredd::io
