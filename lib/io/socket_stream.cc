#include "socket_stream.h"

#include "socket_error.h"

#include <cerrno>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <netinet/in.h>
#include <sys/socket.h>

#include "beredd/io/network.h"

namespace beredd::io {
namespace {

namespace asio = boost::asio;
using base::Code;
using base::Result;
using base::Status;

// After so many operations that did not wait, a stream lets others run.
constexpr unsigned kTurn = 32;

bool would_block(int number) { return number == EAGAIN || number == EWOULDBLOCK; }

bool is_internet(int descriptor) {
  int domain = 0;
  socklen_t size = sizeof domain;
  return ::getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 &&
         (domain == AF_INET || domain == AF_INET6);
}

}  // namespace

SocketStream::SocketStream(StreamSocket socket, std::string peer)
    : socket_(std::move(socket)),
      descriptor_(socket_.native_handle()),
      peer_(std::move(peer)),
      reading_(socket_.get_executor()),
      writing_(socket_.get_executor()) {
  // Replies are written whole: Nagle's algorithm would only hold them back.
  boost::system::error_code ignored;
  if (is_internet(descriptor_)) socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

SocketStream::~SocketStream() { close(); }

void SocketStream::close() {
  if (closed_) return;
  closed_ = true;
  if (tls_) tls_->goodbye();
  boost::system::error_code ignored;
  socket_.close(ignored);
  descriptor_ = -1;
}

Attempt SocketStream::read_clear(std::span<char> buffer) {
  for (;;) {
    const ssize_t got = ::recv(descriptor_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got > 0) {
      drained_ = static_cast<std::size_t>(got) < buffer.size();
      return Attempt::done(static_cast<std::size_t>(got));
    }
    if (got == 0) return Attempt::failed(stream_ended());
    if (would_block(errno)) return Attempt::wait_read();
    if (errno != EINTR) return Attempt::failed(lost_stream(errno, "read"));
  }
}

Attempt SocketStream::write_clear(std::string_view bytes) {
  for (;;) {
    const ssize_t sent =
        ::send(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) return Attempt::done(static_cast<std::size_t>(sent));
    if (would_block(errno)) return Attempt::wait_write();
    if (errno != EINTR) return Attempt::failed(lost_stream(errno, "write"));
  }
}

Attempt SocketStream::write_all(std::string_view& bytes) {
  while (!bytes.empty()) {
    Attempt attempt = secure_ ? tls_->write(bytes) : write_clear(bytes);
    if (attempt.then != Attempt::Then::done) return attempt;
    bytes.remove_prefix(attempt.count);
  }
  return Attempt::done(0);
}

Task<Status> SocketStream::wait(Deadline& deadline, Attempt::Then direction,
                                std::string_view what) {
  // The deadline may have passed between two waits of one operation.
  if (deadline.passed()) co_return stream_timeout(what);
  const auto event = direction == Attempt::Then::wait_read ? asio::socket_base::wait_read
                                                           : asio::socket_base::wait_write;
  auto token = asio::bind_cancellation_slot(deadline.slot(), asio::as_tuple(asio::use_awaitable));
  auto [error] = co_await socket_.async_wait(event, std::move(token));
  if (closed_) co_return stream_cancelled();
  if (deadline.passed()) co_return stream_timeout(what);
  if (error) co_return lost_stream(error.value(), what);
  co_return Status();
}

template <typename Try>
Task<Result<std::size_t>> SocketStream::settle(Deadline& deadline, base::Duration timeout,
                                               std::string_view what, Try attempt) {
  if (closed_) co_return stream_cancelled();
  if (++without_waiting_ % kTurn == 0) {
    co_await asio::post(socket_.get_executor(), asio::use_awaitable);
    if (closed_) co_return stream_cancelled();
  }
  deadline.begin(timeout);
  for (;;) {
    Attempt made = attempt();
    if (made.then == Attempt::Then::done) {
      deadline.end();
      co_return made.count;
    }
    if (made.then == Attempt::Then::failed) {
      deadline.end();
      co_return std::move(*made.error);
    }
    without_waiting_ = 0;
    Status waited = co_await wait(deadline, made.then, what);
    if (!waited) {
      deadline.end();
      co_return std::move(waited).error();
    }
  }
}

// Asio's own read: unlike a wait, it tells the kernel nothing anew.
Task<Result<std::size_t>> SocketStream::receive(std::span<char> buffer, int flags,
                                                base::Duration timeout) {
  if (closed_) co_return stream_cancelled();
  without_waiting_ = 0;
  reading_.begin(timeout);
  auto token = asio::bind_cancellation_slot(reading_.slot(), asio::as_tuple(asio::use_awaitable));
  const asio::mutable_buffer room(buffer.data(), buffer.size());
  auto [error, got] = co_await socket_.async_receive(room, flags, std::move(token));
  reading_.end();
  if (closed_) co_return stream_cancelled();
  if (error == asio::error::eof) co_return stream_ended();
  if (error && reading_.passed()) co_return stream_timeout("read");
  if (error) co_return lost_stream(error.value(), "read");
  drained_ = got < buffer.size();
  co_return got;
}

// No coroutine of its own: each command of each client passes here.
Task<Result<std::size_t>> SocketStream::read(std::span<char> buffer, base::Duration timeout) {
  if (!secure_ && drained_) return receive(buffer, 0, timeout);
  return read_what_is_there(buffer, timeout);
}

Task<Result<std::size_t>> SocketStream::read_what_is_there(std::span<char> buffer,
                                                           base::Duration timeout) {
  auto attempt = [this, buffer] { return secure_ ? tls_->read(buffer) : read_clear(buffer); };
  co_return co_await settle(reading_, timeout, "read", attempt);
}

// The end of the stream and failures are read()'s to tell.
Task<Status> SocketStream::readable(base::Duration timeout) {
  if (secure_ && tls_->holds_input()) co_return Status();
  char first = 0;
  auto peeked = co_await receive(std::span(&first, 1), MSG_PEEK, timeout);
  if (closed_) co_return stream_cancelled();
  drained_ = false;
  if (!peeked && peeked.error().code == Code::timeout) co_return std::move(peeked).error();
  co_return Status();
}

Task<Status> SocketStream::write(std::string_view bytes, base::Duration timeout) {
  // A reply mostly fits into the socket's buffer, at once and whole.
  if (!secure_ && !closed_ && (without_waiting_ + 1) % kTurn != 0) {
    const Attempt made = write_all(bytes);
    if (made.then == Attempt::Then::done) {
      ++without_waiting_;
      co_return Status();
    }
  }
  auto attempt = [this, &bytes] { return write_all(bytes); };
  auto written = co_await settle(writing_, timeout, "write", attempt);
  if (!written) co_return std::move(written).error();
  co_return Status();
}

Task<Status> SocketStream::shake_hands(base::Duration timeout) {
  auto attempt = [this] { return tls_->handshake(); };
  auto done = co_await settle(reading_, timeout, "TLS handshake", attempt);
  if (!done) co_return std::move(done).error();
  secure_ = true;
  co_return Status();
}

Task<Status> SocketStream::start_tls_server(TlsContext& context, base::Duration timeout) {
  if (closed_) co_return stream_cancelled();
  auto* ours = dynamic_cast<OpenSslContext*>(&context);
  if (ours == nullptr || tls_)
    co_return base::bug("TLS is started twice, or with a foreign context");
  auto session = TlsSession::server(*ours, descriptor_);
  if (!session) co_return std::move(session).error();
  tls_ = std::move(*session);
  co_return co_await shake_hands(timeout);
}

Task<Status> SocketStream::start_tls_client(TlsContext& context, std::string_view host,
                                            base::Duration timeout) {
  if (closed_) co_return stream_cancelled();
  auto* ours = dynamic_cast<OpenSslContext*>(&context);
  if (ours == nullptr || tls_)
    co_return base::bug("TLS is started twice, or with a foreign context");
  auto session = TlsSession::client(*ours, descriptor_, host);
  if (!session) co_return std::move(session).error();
  tls_ = std::move(*session);
  co_return co_await shake_hands(timeout);
}

std::string address_text(const StreamEndpoint& endpoint) {
  if (endpoint.protocol().family() == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, endpoint.data(), sizeof v4);
    return asio::ip::address_v4(ntohl(v4.sin_addr.s_addr)).to_string();
  }
  if (endpoint.protocol().family() != AF_INET6) return "unix";
  sockaddr_in6 v6;
  std::memcpy(&v6, endpoint.data(), sizeof v6);
  asio::ip::address_v6::bytes_type bytes;
  std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
  const asio::ip::address_v6 address(bytes);
  if (!address.is_v4_mapped()) return address.to_string();
  return asio::ip::make_address_v4(asio::ip::v4_mapped, address).to_string();
}

Result<PeerCredentials> peer_credentials(const Stream& stream) {
  const auto* socket = dynamic_cast<const SocketStream*>(&stream);
  ucred credentials{};
  socklen_t size = sizeof credentials;
  // TCP sockets answer too, with nobody's uid: the family decides.
  if (socket == nullptr || is_internet(socket->descriptor()) ||
      ::getsockopt(socket->descriptor(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    return base::permanent(Code::unsupported, "no Unix socket, so no credentials of the peer");
  }
  return PeerCredentials{credentials.uid, credentials.gid};
}

}  // namespace beredd::io
