#include "acceptor.h"
#include "host_text.h"
#include "socket_error.h"

#include <cerrno>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <sys/socket.h>

#include "beredd/base/log.h"

namespace beredd::io {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using base::Code;
using base::permanent;
using base::Result;

// How long accept() rests when the system is short of what a connection needs.
constexpr auto kRest = std::chrono::milliseconds(100);

bool is_shortage(int number) {
  return number == EMFILE || number == ENFILE || number == ENOBUFS || number == ENOMEM;
}

// The executor below a strand: streams get strands of their own, not a place in the listener's.
Executor unwrapped(const Executor& executor) {
  using Plain = asio::io_context::executor_type;
  if (const auto* strand = executor.target<asio::strand<Plain>>()) {
    return strand->get_inner_executor();
  }
  if (const auto* strand = executor.target<asio::strand<Executor>>()) {
    return unwrapped(strand->get_inner_executor());
  }
  return executor;
}

base::Error bind_error(int number, const std::string& where) {
  switch (number) {
    case EADDRINUSE:
      return permanent(Code::exists, where + ": the port is in use (another mail server?)");
    case EACCES:
    case EPERM:
      return permanent(Code::refused, where +
                                          ": not allowed to listen here (ports below 1024 need "
                                          "CAP_NET_BIND_SERVICE, or a socket from systemd)");
    case EADDRNOTAVAIL:
      return permanent(Code::invalid, where + ": this machine has no such address");
    case EAFNOSUPPORT:
      return permanent(Code::invalid, where + ": this machine does not speak that protocol");
    default: return base::transient(Code::io, fmt::format("{}: {}", where, system_words(number)));
  }
}

Result<tcp::endpoint> endpoint_of(const Address& at) {
  const std::string host = without_brackets(at.host);
  boost::system::error_code error;
  auto address = asio::ip::make_address(host, error);
  if (error && host == "localhost") {
    address = asio::ip::address_v4::loopback();
  } else if (error) {
    return permanent(Code::invalid, fmt::format("\"{}\" is no IP address to listen on", at.host));
  }
  return tcp::endpoint(address, at.port);
}

Address address_of(const StreamAcceptor& acceptor) {
  boost::system::error_code error;
  const StreamEndpoint local = acceptor.local_endpoint(error);
  if (error) return {};
  const auto* any = reinterpret_cast<const sockaddr*>(local.data());
  std::uint16_t port = 0;
  if (any->sa_family == AF_INET) {
    port = ntohs(reinterpret_cast<const sockaddr_in*>(local.data())->sin_port);
  } else if (any->sa_family == AF_INET6) {
    port = ntohs(reinterpret_cast<const sockaddr_in6*>(local.data())->sin6_port);
  }
  return Address{address_text(local), port};
}

class SocketListener final : public Listener {
 public:
  SocketListener(StreamAcceptor acceptor, Address local, Homes homes,
                 std::function<void()> clean_up)
      : acceptor_(std::move(acceptor)),
        rest_(acceptor_.get_executor()),
        local_(std::move(local)),
        homes_(std::move(homes)),
        clean_up_(std::move(clean_up)) {}
  ~SocketListener() override { SocketListener::close(); }

  Task<Result<std::unique_ptr<Stream>>> accept() override {
    while (!closed_) {
      StreamSocket socket(homes_ ? homes_()
                                 : asio::make_strand(unwrapped(acceptor_.get_executor())));
      StreamEndpoint peer;
      const auto token = asio::as_tuple(asio::use_awaitable);
      auto [error] = co_await acceptor_.async_accept(socket, peer, token);
      // A connection that came just before close() is not dropped without a word.
      if (closed_ && error) break;
      if (!error) {
        short_ = false;
        std::unique_ptr<Stream> stream =
            std::make_unique<SocketStream>(std::move(socket), address_text(peer));
        co_return stream;
      }
      // Anything else is the misfortune of that one connection, such as ECONNABORTED.
      if (is_shortage(error.value())) co_await sit_out(error.value());
    }
    co_return base::transient(Code::cancelled, "the listener was closed");
  }

  void close() override {
    if (closed_) return;
    closed_ = true;
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    rest_.cancel();
    if (clean_up_) clean_up_();
  }

  Address local() const override { return local_; }

 private:
  Task<void> sit_out(int number) {
    if (!short_) {
      base::log_warning("connections wait because the system is short of resources at={} why={}",
                        host_port(local_.host, local_.port), system_words(number));
    }
    short_ = true;
    rest_.expires_after(kRest);
    const auto token = asio::as_tuple(asio::use_awaitable);
    std::ignore = co_await rest_.async_wait(token);
  }

  StreamAcceptor acceptor_;
  asio::steady_timer rest_;
  Address local_;
  Homes homes_;
  std::function<void()> clean_up_;
  bool closed_ = false;
  bool short_ = false;
};

}  // namespace

std::unique_ptr<Listener> make_listener(StreamAcceptor acceptor, Address local, Homes homes,
                                        std::function<void()> clean_up) {
  return std::make_unique<SocketListener>(std::move(acceptor), std::move(local), std::move(homes),
                                          std::move(clean_up));
}

Result<std::unique_ptr<Listener>> listen_tcp(const Executor& executor, const Address& at,
                                             Homes homes) {
  auto endpoint = endpoint_of(at);
  if (!endpoint) return std::move(endpoint).error();
  const std::string where = host_port(endpoint->address().to_string(), at.port);
  const StreamEndpoint local = *endpoint;
  StreamAcceptor acceptor(executor);
  boost::system::error_code error;
  acceptor.open(local.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error && endpoint->address().is_v6()) {
    // [::] takes IPv4 too, whatever the system's default.
    acceptor.set_option(asio::ip::v6_only(false), error);
  }
  if (!error) acceptor.bind(local, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return bind_error(error.value(), where);
  Address bound = address_of(acceptor);
  return make_listener(std::move(acceptor), std::move(bound), std::move(homes), {});
}

Result<std::unique_ptr<Listener>> adopt_tcp(const Executor& executor, int fd, Homes homes) {
  int listening = 0;
  int family = 0;
  socklen_t size = sizeof listening;
  if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || listening == 0 ||
      ::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &size) != 0 ||
      (family != AF_INET && family != AF_INET6)) {
    return permanent(Code::invalid, fmt::format("descriptor {} is no TCP socket that listens", fd));
  }
  StreamAcceptor acceptor(executor);
  boost::system::error_code error;
  acceptor.assign(asio::generic::stream_protocol(family, IPPROTO_TCP), fd, error);
  if (error) {
    return base::transient(Code::io,
                           fmt::format("descriptor {}: {}", fd, system_words(error.value())));
  }
  Address bound = address_of(acceptor);
  return make_listener(std::move(acceptor), std::move(bound), std::move(homes), {});
}

}  // namespace beredd::io
