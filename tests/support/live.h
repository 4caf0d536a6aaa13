#pragma once
// Real sockets and real time for the tests of adapters. Nothing here sleeps: a test waits for what
// it waits for, and a watchdog ends one that would wait for ever.

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <stdlib.h>

#include "beredd/io/network.h"
#include "beredd/io/stream.h"
#include "beredd/io/task.h"

namespace beredd::live {

class Loop {
 public:
  static constexpr auto kWatchdog = std::chrono::seconds(60);

  io::Executor executor() { return context_.get_executor(); }
  boost::asio::io_context& context() { return context_; }

  void start(io::Task<void> task) { io::spawn(executor(), std::move(task), "test"); }

  template <typename T>
  T run(io::Task<T> task) {
    auto given = std::make_shared<std::optional<T>>();
    start(keep(std::move(task), given));
    run_until([&] { return given->has_value(); });
    return std::move(**given);
  }
  void run(io::Task<void> task) {
    auto done = std::make_shared<bool>(false);
    start(note(std::move(task), done));
    run_until([&] { return *done; });
  }

  template <typename Condition>
  void run_until(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + kWatchdog;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) throw std::runtime_error("the watchdog barked");
      context_.restart();
      context_.run_one_for(std::chrono::milliseconds(100));
    }
  }

 private:
  template <typename T>
  static io::Task<void> keep(io::Task<T> task, std::shared_ptr<std::optional<T>> into) {
    into->emplace(co_await std::move(task));
  }
  static io::Task<void> note(io::Task<void> task, std::shared_ptr<bool> done) {
    co_await std::move(task);
    *done = true;
  }

  boost::asio::io_context context_;
};

// Both ends of a TCP connection over loopback.
struct Ends {
  std::unique_ptr<io::Stream> client;
  std::unique_ptr<io::Stream> server;
};
inline Ends connect_ends(Loop& loop) {
  Ends ends;
  auto listener = io::listen_tcp(loop.executor(), io::Address{"127.0.0.1", 0});
  const auto connector = io::tcp_connector();
  ends.client = std::move(*loop.run(
      connector->connect(loop.executor(), (*listener)->local(), std::chrono::seconds(20))));
  ends.server = std::move(*loop.run((*listener)->accept()));
  return ends;
}

// Reads until `size` bytes are there, or less at the end of the stream.
inline io::Task<std::string> read_exactly(io::Stream& stream, std::size_t size) {
  std::string all(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const std::span<char> rest(all.data() + have, size - have);
    auto count = co_await stream.read(rest, std::chrono::seconds(20));
    if (!count) break;
    have += *count;
  }
  all.resize(have);
  co_return all;
}

// A directory that goes with the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "beredd-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace beredd::live
