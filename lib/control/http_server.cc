#include "beredd/control/http_server.h"

#include "http_codec.h"

// g++ 12 takes the coroutine frame's own operator new for the global one once both are inlined.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

#include <mutex>
#include <set>
#include <utility>

#include <boost/asio/post.hpp>

#include "beredd/api/codec.h"
#include "beredd/base/log.h"

namespace beredd::control {

struct HttpServer::Shared {
  Shared(io::Executor where, Handler what, HttpLimits most)
      : executor(std::move(where)), handler(std::move(what)), limits(most) {}

  const io::Executor executor;
  const Handler handler;
  const HttpLimits limits;
  std::mutex mutex;
  bool stopping = false;
  std::vector<std::shared_ptr<io::Listener>> listeners;
  std::set<std::shared_ptr<io::Stream>> streams;

  bool admit(const std::shared_ptr<io::Stream>& stream);
  void leave(const std::shared_ptr<io::Stream>& stream);
  void stop();

  static io::Task<void> converse(std::shared_ptr<Shared> self, std::shared_ptr<io::Stream> stream);
  static io::Task<void> accept_forever(std::shared_ptr<Shared> self,
                                       std::shared_ptr<io::Listener> listener);
};

bool HttpServer::Shared::admit(const std::shared_ptr<io::Stream>& stream) {
  const std::lock_guard lock(mutex);
  if (stopping || streams.size() >= limits.connections) return false;
  return streams.insert(stream).second;
}

void HttpServer::Shared::leave(const std::shared_ptr<io::Stream>& stream) {
  const std::lock_guard lock(mutex);
  streams.erase(stream);
}

// Each is closed where it lives.
void HttpServer::Shared::stop() {
  const std::lock_guard lock(mutex);
  stopping = true;
  for (const auto& listener : listeners) {
    boost::asio::post(executor, [listener] { listener->close(); });
  }
  listeners.clear();
  for (const auto& stream : streams) {
    boost::asio::post(stream->executor(), [stream] { stream->close(); });
  }
}

namespace {

HttpResponse problem(const BadRequest& bad) {
  return {bad.status, "application/json",
          api::encode(api::Problem{bad.text, "invalid", ""}) + "\n"};
}

// One connection: request, answer, request, …
class Conversation {
 public:
  Conversation(std::shared_ptr<io::Stream> stream, const Handler& handler, const HttpLimits& limits)
      : stream_(std::move(stream)), handler_(handler), limits_(limits), reader_(limits) {
    if (const auto peer = io::peer_credentials(*stream_)) peer_ = *peer;
  }

  io::Task<void> run() {
    for (bool more = true; more;) {
      std::optional<ParsedRequest> request = co_await next_request();
      if (!request) {
        if (!reader_.bad()) co_return;
        const HttpResponse answer = problem(*reader_.bad());
        co_await send(answer, /*keep_alive=*/false, /*chunked=*/true);
        co_return;
      }
      request->request.peer = peer_;
      const HttpResponse answer = co_await handler_(std::move(request->request));
      more = co_await send(answer, request->keep_alive, request->chunked);
    }
  }

 private:
  // Nothing: the peer went away, or sent what is no request.
  io::Task<std::optional<ParsedRequest>> next_request() {
    for (;;) {
      if (auto request = reader_.next()) co_return request;
      if (reader_.bad()) co_return std::nullopt;
      const auto count = co_await stream_->read(buffer_, limits_.read);
      if (!count) co_return std::nullopt;
      reader_.receive({buffer_.data(), *count});
    }
  }

  // True: the connection goes on.
  io::Task<bool> send(const HttpResponse& answer, bool keep_alive, bool chunked) {
    Framing framing{keep_alive, chunked, std::nullopt};
    if (!answer.pieces) {
      framing.length = answer.body.size();
      const std::string bytes = head_of(answer, framing) + answer.body;
      const base::Status written = co_await stream_->write(bytes, limits_.write);
      co_return written.ok() && keep_alive;
    }
    framing.keep_alive = keep_alive && chunked;
    const std::string head = head_of(answer, framing);
    base::Status written = co_await stream_->write(head, limits_.write);
    while (written) {
      const base::Result<std::string> piece = co_await answer.pieces();
      if (!piece) {
        base::log_warning("an answer was cut short: {}", base::to_string(piece.error()));
        co_return false;
      }
      const bool last = piece->empty();
      const std::string bytes = last ? std::string(kLastChunk) : chunk_of(*piece);
      if (last && !chunked) co_return false;
      written = co_await stream_->write(chunked ? bytes : *piece, limits_.write);
      if (last) co_return written.ok() && framing.keep_alive;
    }
    co_return false;
  }

  std::shared_ptr<io::Stream> stream_;
  const Handler& handler_;
  const HttpLimits& limits_;
  RequestReader reader_;
  std::optional<io::PeerCredentials> peer_;
  std::array<char, 16 * 1024> buffer_{};
};

}  // namespace

io::Task<void> HttpServer::Shared::converse(std::shared_ptr<Shared> self,
                                            std::shared_ptr<io::Stream> stream) {
  if (self->admit(stream)) {
    Conversation conversation(stream, self->handler, self->limits);
    co_await conversation.run();
  }
  stream->close();
  self->leave(stream);
}

io::Task<void> HttpServer::Shared::accept_forever(std::shared_ptr<Shared> self,
                                                  std::shared_ptr<io::Listener> listener) {
  for (;;) {
    auto accepted = co_await listener->accept();
    if (!accepted) co_return;
    std::shared_ptr<io::Stream> stream = *std::move(accepted);
    io::spawn(stream->executor(), converse(self, stream), "http connection");
  }
}

HttpServer::HttpServer(io::Executor executor, Handler handler, HttpLimits limits)
    : shared_(std::make_shared<Shared>(std::move(executor), std::move(handler), limits)) {}

HttpServer::~HttpServer() { stop(); }

void HttpServer::serve(std::unique_ptr<io::Listener> listener) {
  const std::shared_ptr<io::Listener> kept = std::move(listener);
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->listeners.push_back(kept);
  }
  io::spawn(shared_->executor, Shared::accept_forever(shared_, kept), "http listener");
}

void HttpServer::stop() { shared_->stop(); }

}  // namespace beredd::control
