#pragma once
// A server on loopback that does with each connection what the test says.

#include "live.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/io/network.h"
#include "beredd/io/stream.h"
#include "beredd/io/tls.h"

namespace beredd::remote {

constexpr base::Duration kLong = std::chrono::seconds(20);

class ScriptedServer {
 public:
  using Serve = std::function<io::Task<void>(io::Stream& stream)>;

  ScriptedServer(live::Loop& loop, Serve serve) : state_(std::make_shared<State>()) {
    state_->listener = std::move(*io::listen_tcp(loop.executor(), io::Address{"127.0.0.1", 0}));
    state_->serve = std::move(serve);
    loop.start(accept_all(state_, loop.executor()));
  }
  ~ScriptedServer() { state_->listener->close(); }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  io::Address at() const { return state_->listener->local(); }
  std::string url(const std::string& scheme = "http") const {
    return scheme + "://127.0.0.1:" + std::to_string(at().port) + "/health";
  }
  int connections() const { return state_->connections; }

 private:
  struct State {
    std::unique_ptr<io::Listener> listener;
    Serve serve;
    int connections = 0;
  };

  static io::Task<void> accept_all(std::shared_ptr<State> state, io::Executor executor) {
    for (;;) {
      auto accepted = co_await state->listener->accept();
      if (!accepted) co_return;
      ++state->connections;
      io::spawn(executor, serve_one(state, std::move(*accepted)), "scripted connection");
    }
  }
  static io::Task<void> serve_one(std::shared_ptr<State> state,
                                  std::unique_ptr<io::Stream> stream) {
    co_await state->serve(*stream);
  }

  std::shared_ptr<State> state_;
};

// Reads until `end` has come, or the peer has gone. Returns all of it.
inline io::Task<std::string> read_until(io::Stream& stream, std::string_view end) {
  std::string all;
  std::string buffer(1000, '\0');
  while (all.find(end) == std::string::npos) {
    const std::span<char> into(buffer);
    auto count = co_await stream.read(into, kLong);
    if (!count) break;
    all.append(buffer, 0, *count);
  }
  co_return all;
}

inline io::Task<void> say(io::Stream& stream, std::string_view words) {
  std::ignore = co_await stream.write(words, kLong);
}

// Answers one HTTP request.
inline ScriptedServer::Serve http(std::string answer) {
  return [answer = std::move(answer)](io::Stream& stream) -> io::Task<void> {
    co_await read_until(stream, "\r\n\r\n");
    co_await say(stream, answer);
  };
}
inline std::string ok_with(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// Says the first line at once and each further one after a line of the client.
inline ScriptedServer::Serve lines(std::vector<std::string> answers) {
  return [answers = std::move(answers)](io::Stream& stream) -> io::Task<void> {
    for (const std::string& answer : answers) {
      co_await say(stream, answer);
      co_await read_until(stream, "\r\n");
    }
  };
}

// Never says anything.
inline ScriptedServer::Serve silence() {
  return [](io::Stream& stream) -> io::Task<void> { co_await read_until(stream, "no such text"); };
}

}  // namespace beredd::remote
