#pragma once
// Where streams come from, as ports: connecting out, and accepting in.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "beredd/base/result.h"
#include "beredd/base/units.h"
#include "beredd/io/stream.h"

namespace beredd::io {

struct Address {
  std::string host;  // a name or an address
  std::uint16_t port = 0;
};

class Connector {
 public:
  virtual ~Connector() = default;
  // The stream lives on `executor`. Tries every address of the name in turn within `timeout`.
  // Errors: transient/unreachable, transient/timeout.
  virtual Task<base::Result<std::unique_ptr<Stream>>> connect(const Executor& executor, Address to,
                                                              base::Duration timeout) = 0;
};

class Listener {
 public:
  virtual ~Listener() = default;
  // The next stream, on a home of its own. Shortage of file descriptors and memory is waited out
  // inside. Errors: transient/cancelled after close().
  virtual Task<base::Result<std::unique_ptr<Stream>>> accept() = 0;
  virtual void close() = 0;  // from the listener's executor
  virtual Address local() const = 0;
};

std::unique_ptr<Connector> tcp_connector();

// Where each accepted stream is to live: an executor that does not run two things at once. None: on
// a strand of its own over the listener's executor.
using Homes = std::function<Executor()>;

// Errors: permanent/exists (the port is in use; the text names the address), permanent/refused (not
// allowed to), permanent/invalid (no such address), transient/io.
base::Result<std::unique_ptr<Listener>> listen_tcp(const Executor& executor, const Address& at,
                                                   Homes homes = {});
// A socket that systemd passed, already listening; taken over.
base::Result<std::unique_ptr<Listener>> adopt_tcp(const Executor& executor, int fd,
                                                  Homes homes = {});
// Makes the socket file with mode 0660, replacing one that nobody listens on.
base::Result<std::unique_ptr<Listener>> listen_unix(const Executor& executor,
                                                    const std::string& path);

// The uid and gid of the process at the other end of a Unix stream. Errors: permanent/unsupported.
struct PeerCredentials {
  std::uint32_t uid = 0, gid = 0;
};
base::Result<PeerCredentials> peer_credentials(const Stream& stream);

}  // namespace beredd::io
