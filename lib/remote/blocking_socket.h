#pragma once
// A TCP connection for libraries that block, with TLS (OpenSSL) over it. Every call ends by a
// deadline that does not start anew with each byte, reads no more than a budget, and ends at once
// when it is cancelled. Used by one thread at a time. REQUIRES: SIGPIPE is ignored.

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <openssl/ssl.h>
#include <sys/types.h>

#include "beredd/base/result.h"
#include "beredd/base/units.h"
#include "beredd/io/network.h"

namespace beredd::remote {

// Ends all that waits on it, for good. cancel() from any thread.
class Cancellation {
 public:
  Cancellation();  // an eventfd; when there is none, nothing can be cancelled
  ~Cancellation();
  Cancellation(const Cancellation&) = delete;
  Cancellation& operator=(const Cancellation&) = delete;
  void cancel();
  int handle() const { return event_; }

 private:
  int event_;
};

class BlockingSocket {
 public:
  using Clock = std::chrono::steady_clock;

  // Tries each address of the host. Errors: transient/unreachable, /timeout, /cancelled.
  static base::Result<std::unique_ptr<BlockingSocket>> connect(
      const io::Address& to, std::shared_ptr<const Cancellation> cancellation,
      Clock::time_point deadline);
  ~BlockingSocket();
  BlockingSocket(const BlockingSocket&) = delete;
  BlockingSocket& operator=(const BlockingSocket&) = delete;

  // For all that follows: until when, and how much may come in until the next call of this.
  void allow(Clock::time_point deadline, base::Bytes budget);

  // TLS 1.2 and up; the chain (against `ca_file`, else the system's authorities) and
  // the name (RFC 6125; an address as an address) must hold. Errors: transient/tls, /timeout,
  // /closed, /cancelled.
  base::Status start_tls(const std::string& host,
                         const std::optional<std::filesystem::path>& ca_file);

  // At least one byte; 0: the other side has closed; -1: see failure().
  ssize_t read(void* into, std::size_t size);
  // All of it; -1: see failure().
  ssize_t write(const void* bytes, std::size_t size);

  // What went wrong first. Nothing works after it.
  const std::optional<base::Error>& failure() const { return failure_; }
  std::uint64_t written() const { return written_; }  // in all, as the caller counts
  int handle() const { return socket_; }

 private:
  struct FreeSsl {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };

  BlockingSocket(int socket, std::shared_ptr<const Cancellation> cancellation,
                 Clock::time_point deadline);
  // Until the socket can (POLLIN, POLLOUT), or it is over.
  base::Status wait_for(short events) const;
  // After OpenSSL said no: waits for what it wants, or tells what is wrong.
  base::Status after(int result);
  base::Error tls_error(const std::string& host) const;
  ssize_t failed(base::Error why);

  int socket_;
  std::shared_ptr<const Cancellation> cancellation_;
  Clock::time_point deadline_;
  base::Bytes budget_ = base::mebibytes(1);
  std::unique_ptr<SSL_CTX, FreeSsl> context_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
  std::uint64_t written_ = 0;
  std::optional<base::Error> failure_;
};

}  // namespace beredd::remote
