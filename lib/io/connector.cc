#include "host_text.h"
#include "socket_error.h"
#include "socket_stream.h"
#include "steady.h"

#include <atomic>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "beredd/io/callback.h"
#include "beredd/io/network.h"

namespace beredd::io {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using base::Code;
using base::Result;
using Endpoints = std::vector<tcp::endpoint>;
using Connected = Result<std::unique_ptr<Stream>>;

// Names being looked up at once. getaddrinfo() blocks and cannot be told to stop: whoever asked
// leaves at the end of its time, and the thread follows when the resolver gives up.
constexpr std::size_t kLookups = 4;

Result<Endpoints> look_up(const Address& to) {
  asio::io_context context;
  tcp::resolver resolver(context);
  boost::system::error_code error;
  const auto found =
      resolver.resolve(to.host, std::to_string(to.port), tcp::resolver::numeric_service, error);
  if (error) {
    return base::transient(Code::unreachable, fmt::format("{}: {}", to.host, error.message()));
  }
  Endpoints endpoints;
  for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  return endpoints;
}

class TcpConnector final : public Connector {
 public:
  ~TcpConnector() override { lookups_.join(); }

  Task<Connected> connect(const Executor& executor, Address to, base::Duration timeout) override {
    const Executor own = executor;
    const SteadyPoint end = steady_in(timeout);
    to.host = without_brackets(to.host);
    auto endpoints = co_await resolve(own, to, timeout);
    if (!endpoints) co_return std::move(endpoints).error();
    base::Error last = base::transient(Code::unreachable, to.host + ": has no address");
    for (std::size_t i = 0; i < endpoints->size(); ++i) {
      // A share for each, so that a black hole behind the first address leaves time for the others.
      const auto left = end - std::chrono::steady_clock::now();
      const auto share = std::chrono::duration_cast<base::Duration>(left) /
                         static_cast<std::int64_t>(endpoints->size() - i);
      auto connected = co_await connect_one(own, (*endpoints)[i], share);
      if (connected) co_return std::move(connected);
      last = std::move(connected).error();
    }
    co_return last;
  }

 private:
  Task<Result<Endpoints>> resolve(const Executor& executor, const Address& to,
                                  base::Duration timeout) {
    boost::system::error_code no_literal;
    const auto literal = asio::ip::make_address(to.host, no_literal);
    if (!no_literal) co_return Endpoints{tcp::endpoint(literal, to.port)};
    auto timer = std::make_shared<asio::steady_timer>(executor, steady_in(timeout));
    using Done = std::function<void(Result<Endpoints>)>;
    std::function<void(Done)> race = [this, timer, to](const Done& done) {
      auto over = std::make_shared<std::atomic_flag>();
      auto too_late = [over, done, host = to.host](boost::system::error_code) {
        if (over->test_and_set()) return;
        done(base::transient(Code::timeout, host + ": the name was not resolved in time"));
      };
      timer->async_wait(std::move(too_late));
      auto ask = [over, done, to] {
        auto found = look_up(to);
        if (!over->test_and_set()) done(std::move(found));
      };
      asio::post(lookups_, std::move(ask));
    };
    auto found = co_await await_callback<Result<Endpoints>>(std::move(race));
    timer->cancel();
    co_return found;
  }

  static Task<Connected> connect_one(const Executor& executor, tcp::endpoint endpoint,
                                     base::Duration timeout) {
    const std::string where = host_port(endpoint.address().to_string(), endpoint.port());
    const StreamEndpoint target = endpoint;
    StreamSocket socket(executor);
    boost::system::error_code error;
    socket.open(target.protocol(), error);
    Deadline deadline(executor);
    if (!error) {
      deadline.begin(timeout);
      auto token =
          asio::bind_cancellation_slot(deadline.slot(), asio::as_tuple(asio::use_awaitable));
      std::tie(error) = co_await socket.async_connect(target, std::move(token));
    }
    if (error && deadline.passed()) {
      co_return base::transient(Code::timeout, where + ": no answer within the time");
    }
    if (error) {
      co_return base::transient(Code::unreachable,
                                fmt::format("{}: {}", where, system_words(error.value())));
    }
    std::unique_ptr<Stream> stream =
        std::make_unique<SocketStream>(std::move(socket), address_text(target));
    co_return stream;
  }

  asio::thread_pool lookups_{kLookups};
};

}  // namespace

std::unique_ptr<Connector> tcp_connector() { return std::make_unique<TcpConnector>(); }

}  // namespace beredd::io
