#pragma once
// A daemon that answers from a script, over a real Unix socket, and commands that are run against
// it.

#include "live.h"
#include "run.h"

#include <deque>
#include <mutex>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "beredd/control/http_server.h"

namespace beredd::beredctl {

// Answers each request with the next of its script, and writes down what it was asked.
class ScriptedDaemon {
 public:
  explicit ScriptedDaemon(const std::filesystem::path& socket)
      : server_(io_.get_executor(),
                [this](control::HttpRequest request) { return answer(std::move(request)); }) {
    auto listener = io::listen_unix(io_.get_executor(), socket.string());
    server_.serve(*std::move(listener));
    thread_ = std::thread([this] { io_.run(); });
  }
  ~ScriptedDaemon() {
    server_.stop();
    thread_.join();
  }

  void will_say(std::string body, int status = 200) {
    const std::lock_guard lock(mutex_);
    script_.push_back({status, "application/json", std::move(body), {}});
  }
  std::vector<std::string> asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  io::Task<control::HttpResponse> answer(control::HttpRequest request) {
    const std::lock_guard lock(mutex_);
    std::string line = request.method + " " + request.path;
    for (const auto& [key, value] : request.query) line += " " + key + "=" + value;
    if (request.body != "" && request.body != "{}") line += " " + request.body;
    asked_.push_back(line);
    if (script_.empty()) co_return control::HttpResponse{500, "text/plain", "nothing to say", {}};
    control::HttpResponse response = std::move(script_.front());
    script_.pop_front();
    co_return response;
  }

  boost::asio::io_context io_;
  control::HttpServer server_;
  std::mutex mutex_;
  std::deque<control::HttpResponse> script_;
  std::vector<std::string> asked_;
  std::thread thread_;
};

class Commands : public testing::Test {
 protected:
  template <typename Command>
  int run_it(Command command, bool json = false) {
    out.str("");
    err.str("");
    Client client((folder.path() / "c.sock").string());
    Style style;
    style.now = *base::parse_rfc3339("2026-11-23T02:00:00Z");
    std::istringstream in(typed);
    Session session{client, json, style, out, err, &in, person};
    return run(session, command);
  }

  live::Folder folder;
  ScriptedDaemon daemon{folder.path() / "c.sock"};
  std::ostringstream out, err;
  std::string typed;    // what comes from standard input
  bool person = false;  // from somebody at a terminal
};

}  // namespace beredd::beredctl
