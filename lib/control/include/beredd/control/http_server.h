#pragma once
// A small HTTP/1.1 server over streams: keep-alive, limits, time-outs, chunked answers. Knows
// nothing of what is served. For the control socket and for the sandbox, not for the open Internet.

#include <chrono>
#include <memory>

#include "beredd/base/units.h"
#include "beredd/control/http.h"

namespace beredd::control {

struct HttpLimits {
  std::size_t header = 16 * 1024;  // more is answered 431
  std::size_t body = 1024 * 1024;  // more is answered 413
  std::size_t connections = 256;   // more are closed at once
  base::Duration read =
      std::chrono::seconds(60);  // for the next bytes of a request, or the next request
  base::Duration write =
      std::chrono::minutes(10);  // for the peer to take a piece: somebody may page through it
};

// Used from `executor`; the handler runs on the strand of its connection, several at once.
class HttpServer {
 public:
  HttpServer(io::Executor executor, Handler handler, HttpLimits limits = {});
  ~HttpServer();  // as stop()
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Serves what `listener` accepts, until stop(). The listener lives on `executor`. Any number of
  // them.
  void serve(std::unique_ptr<io::Listener> listener);

  // Closes the listeners and every connection. What the handler refers to must live until the
  // executor has run what was under way.
  void stop();

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace beredd::control
