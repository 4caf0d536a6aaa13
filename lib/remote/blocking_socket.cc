#include "blocking_socket.h"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace beredd::remote {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Status;

std::string words(int error) { return std::generic_category().message(error); }

Error cancelled() { return base::transient(Code::cancelled, "cancelled"); }

// Until one of `events` is there on `socket`.
Status await_socket(int socket, short events, const Cancellation& cancellation,
                    BlockingSocket::Clock::time_point deadline) {
  std::array<pollfd, 2> watched{pollfd{socket, events, 0},
                                pollfd{cancellation.handle(), POLLIN, 0}};
  for (;;) {
    const auto left = deadline - BlockingSocket::Clock::now();
    if (left <= BlockingSocket::Clock::duration::zero()) {
      return base::transient(Code::timeout, "no answer in time");
    }
    const auto pause = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    const int ready = ::poll(watched.data(), watched.size(),
                             static_cast<int>(std::min<std::int64_t>(pause, 60'000)));
    if (ready < 0 && errno != EINTR) return base::transient(Code::io, "poll: " + words(errno));
    if (watched[1].revents != 0) return cancelled();
    if (ready > 0 && watched[0].revents != 0) return {};
  }
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Result<Addresses> addresses_of(const io::Address& to) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(to.host.c_str(), std::to_string(to.port).c_str(), &hints, &found);
  if (failed != 0) return base::transient(Code::unreachable, gai_strerror(failed));
  return Addresses(found);
}

// A socket that is connected, or the reason why not.
Result<int> connected(const addrinfo& address, const Cancellation& cancellation,
                      BlockingSocket::Clock::time_point deadline) {
  const int made = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (made < 0) return base::transient(Code::io, "socket: " + words(errno));
  int error = ::connect(made, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    if (auto ready = await_socket(made, POLLOUT, cancellation, deadline); !ready) {
      ::close(made);
      return ready.error();
    }
    socklen_t size = sizeof error;
    getsockopt(made, SOL_SOCKET, SO_ERROR, &error, &size);
  }
  if (error != 0) {
    ::close(made);
    return base::transient(Code::unreachable, words(error));
  }
  const int on = 1;
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return made;
}

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> parsed{};
  return inet_pton(AF_INET, host.c_str(), parsed.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), parsed.data()) == 1;
}

std::string openssl_words() {
  const unsigned long error = ERR_get_error();
  ERR_clear_error();
  if (error == 0) return {};
  const char* reason = ERR_reason_error_string(error);
  return reason != nullptr ? reason : fmt::format("OpenSSL error {:x}", error);
}

}  // namespace

// --- the end of waiting

Cancellation::Cancellation() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Cancellation::~Cancellation() {
  if (event_ >= 0) ::close(event_);
}

void Cancellation::cancel() {
  if (event_ >= 0) static_cast<void>(eventfd_write(event_, 1));
}

// --- the connection

Result<std::unique_ptr<BlockingSocket>> BlockingSocket::connect(
    const io::Address& to, std::shared_ptr<const Cancellation> cancellation,
    Clock::time_point deadline) {
  auto addresses = addresses_of(to);
  if (!addresses) return addresses.error();
  Error last = base::transient(Code::unreachable, "no address");
  for (const addrinfo* one = addresses->get(); one != nullptr; one = one->ai_next) {
    auto made = connected(*one, *cancellation, deadline);
    if (made) {
      return std::unique_ptr<BlockingSocket>(
          new BlockingSocket(*made, std::move(cancellation), deadline));
    }
    last = made.error();
    if (last.code == Code::cancelled || last.code == Code::timeout) break;
  }
  return last;
}

BlockingSocket::BlockingSocket(int socket, std::shared_ptr<const Cancellation> cancellation,
                               Clock::time_point deadline)
    : socket_(socket), cancellation_(std::move(cancellation)), deadline_(deadline) {}

BlockingSocket::~BlockingSocket() {
  ssl_.reset();
  ::close(socket_);
}

void BlockingSocket::allow(Clock::time_point deadline, base::Bytes budget) {
  deadline_ = deadline;
  budget_ = budget;
}

Status BlockingSocket::wait_for(short events) const {
  return await_socket(socket_, events, *cancellation_, deadline_);
}

ssize_t BlockingSocket::failed(Error why) {
  if (!failure_) failure_ = std::move(why);
  return -1;
}

// --- TLS

Status BlockingSocket::start_tls(const std::string& host,
                                 const std::optional<std::filesystem::path>& ca_file) {
  context_.reset(SSL_CTX_new(TLS_client_method()));
  if (!context_) return base::bug("OpenSSL makes no context: " + openssl_words());
  SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE);
  const int loaded = ca_file ? SSL_CTX_load_verify_file(context_.get(), ca_file->c_str())
                             : SSL_CTX_set_default_verify_paths(context_.get());
  if (loaded != 1) {
    return base::transient(
        Code::tls, fmt::format("{}: {}", ca_file ? ca_file->string() : "the system's authorities",
                               openssl_words()));
  }
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  ssl_.reset(SSL_new(context_.get()));
  if (!ssl_) return base::bug("OpenSSL makes no session: " + openssl_words());
  SSL_set_fd(ssl_.get(), socket_);
  if (is_address(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), host.c_str());
  } else {
    SSL_set1_host(ssl_.get(), host.c_str());
    SSL_set_tlsext_host_name(ssl_.get(), host.c_str());
  }
  for (;;) {
    ERR_clear_error();
    const int result = SSL_connect(ssl_.get());
    if (result == 1) return {};
    const int wants = SSL_get_error(ssl_.get(), result);
    if (wants != SSL_ERROR_WANT_READ && wants != SSL_ERROR_WANT_WRITE) {
      return *(failure_ = tls_error(host));
    }
    const short events = wants == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
    if (auto ready = wait_for(events); !ready) return *(failure_ = ready.error());
  }
}

Error BlockingSocket::tls_error(const std::string& host) const {
  const long verdict = SSL_get_verify_result(ssl_.get());
  if (verdict != X509_V_OK) {
    return base::transient(Code::tls, fmt::format("the certificate of {} does not hold: {}", host,
                                                  X509_verify_cert_error_string(verdict)));
  }
  const std::string why = openssl_words();
  return base::transient(Code::tls, why.empty() ? "the other side hung up at the handshake" : why);
}

Status BlockingSocket::after(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ: return wait_for(POLLIN);
    case SSL_ERROR_WANT_WRITE: return wait_for(POLLOUT);
    default: break;
  }
  const std::string why = openssl_words();
  return base::transient(Code::closed, why.empty() ? "the connection was lost" : "TLS: " + why);
}

// --- bytes

ssize_t BlockingSocket::read(void* into, std::size_t size) {
  if (failure_) return -1;
  if (budget_.count() == 0) {
    return failed(base::transient(Code::too_large, "the other side says more than was asked for"));
  }
  size = std::min<std::size_t>(size, budget_.count());
  for (;;) {
    ssize_t got = 0;
    Status ready;
    if (ssl_) {
      ERR_clear_error();
      got = SSL_read(ssl_.get(), into, static_cast<int>(std::min<std::size_t>(size, 1 << 20)));
      if (got <= 0 && SSL_get_error(ssl_.get(), static_cast<int>(got)) == SSL_ERROR_ZERO_RETURN) {
        return 0;
      }
      if (got <= 0) ready = after(static_cast<int>(got));
    } else {
      got = ::recv(socket_, into, size, 0);
      if (got == 0) return 0;
      if (got < 0) {
        ready = errno == EAGAIN || errno == EINTR
                    ? wait_for(POLLIN)
                    : Status(base::transient(Code::closed, words(errno)));
      }
    }
    if (got > 0) {
      budget_ = base::Bytes(budget_.count() - static_cast<std::uint64_t>(got));
      return got;
    }
    if (!ready) return failed(ready.error());
  }
}

ssize_t BlockingSocket::write(const void* bytes, std::size_t size) {
  const char* from = static_cast<const char*>(bytes);
  std::size_t done = 0;
  while (done < size) {
    if (failure_) return -1;
    const std::size_t rest = std::min<std::size_t>(size - done, 1 << 16);
    ssize_t put = 0;
    Status ready;
    if (ssl_) {
      ERR_clear_error();
      put = SSL_write(ssl_.get(), from + done, static_cast<int>(rest));
      if (put <= 0) ready = after(static_cast<int>(put));
    } else {
      put = ::send(socket_, from + done, rest, MSG_NOSIGNAL);
      if (put < 0) {
        ready = errno == EAGAIN || errno == EINTR
                    ? wait_for(POLLOUT)
                    : Status(base::transient(Code::closed, words(errno)));
      }
    }
    if (put > 0) {
      done += static_cast<std::size_t>(put);
      written_ += static_cast<std::uint64_t>(put);
    } else if (!ready) {
      return failed(ready.error());
    }
  }
  return static_cast<ssize_t>(size);
}

}  // namespace beredd::remote
