#pragma once
// io::Stream over a simulated connection. TLS is a handshake of five bytes each way and then a
// word: the bytes stay in the clear, but a side that speaks too early or not at all is found out.

#include "simulation/link.h"

#include <memory>
#include <string>

#include "beredd/base/random.h"
#include "beredd/io/stream.h"
#include "beredd/io/tls.h"

namespace beredd::simulation {

// For code that wants a context to hand on.
struct TlsContext final : io::TlsContext {};

class Stream final : public io::Stream {
 public:
  Stream(const io::Executor& executor, Schedule& schedule, base::Random& random,
         std::shared_ptr<Link> link, bool client, std::string peer)
      : executor_(executor),
        schedule_(schedule),
        random_(random),
        link_(std::move(link)),
        client_(client),
        peer_(std::move(peer)) {}
  ~Stream() override { Stream::close(); }

  io::Task<base::Result<std::size_t>> read(std::span<char> buffer,
                                           base::Duration timeout) override {
    const auto pipe = incoming();
    const base::Instant end = schedule_.in(timeout);
    for (;;) {
      if (closed_) co_return cancelled();
      if (!pipe->empty()) {
        const std::string bytes = pipe->take(piece(buffer.size()));
        std::copy(bytes.begin(), bytes.end(), buffer.begin());
        co_return bytes.size();
      }
      if (pipe->ended()) co_return gone("read");
      if (schedule_.now() >= end) co_return late("read");
      co_await pipe->readable.wait_until(schedule_, end);
    }
  }

  io::Task<base::Status> readable(base::Duration timeout) override {
    const auto pipe = incoming();
    const base::Instant end = schedule_.in(timeout);
    while (!closed_ && pipe->empty() && !pipe->ended()) {
      if (schedule_.now() >= end) co_return late("read");
      co_await pipe->readable.wait_until(schedule_, end);
    }
    if (closed_) co_return cancelled();
    co_return base::Status();
  }

  io::Task<base::Status> write(std::string_view bytes, base::Duration timeout) override {
    const auto pipe = outgoing();
    const base::Instant end = schedule_.in(timeout);
    while (!bytes.empty()) {
      if (closed_) co_return cancelled();
      if (link_->severed || pipe->broken()) co_return gone("write");
      const std::size_t now = std::min(bytes.size(), pipe->room());
      if (now > 0) {
        link_->carry(client_, bytes.substr(0, now));
        bytes.remove_prefix(now);
        continue;
      }
      if (schedule_.now() >= end) co_return late("write");
      co_await pipe->writable.wait_until(schedule_, end);
    }
    co_return base::Status();
  }

  io::Task<base::Status> start_tls_server(io::TlsContext&, base::Duration timeout) override {
    auto greeted = co_await hear(timeout);
    if (!greeted) co_return std::move(greeted).error();
    auto answered = co_await write(kHello, timeout);
    secure_ = answered.ok();
    co_return std::move(answered);
  }

  io::Task<base::Status> start_tls_client(io::TlsContext&, std::string_view,
                                          base::Duration timeout) override {
    auto greeted = co_await write(kHello, timeout);
    if (!greeted) co_return std::move(greeted).error();
    auto answered = co_await hear(timeout);
    if (!answered) co_return std::move(answered).error();
    if (!link_->faults->tls_failure.empty()) {
      co_return base::permanent(base::Code::tls, link_->faults->tls_failure);
    }
    secure_ = true;
    co_return base::Status();
  }

  bool secure() const override { return secure_; }
  std::string tls_summary() const override { return secure_ ? "TLSv1.3 SIMULATED" : ""; }

  void close() override {
    if (closed_) return;
    closed_ = true;
    outgoing()->end();
    outgoing()->writable.ring();
    incoming()->sever();  // whoever still writes to us finds nobody
  }

  std::string peer_address() const override { return peer_; }
  io::Executor executor() override { return executor_; }

 private:
  static constexpr std::string_view kHello = "\x16tls\n";

  std::shared_ptr<Pipe> incoming() const { return client_ ? link_->to_client : link_->to_server; }
  std::shared_ptr<Pipe> outgoing() const { return client_ ? link_->to_server : link_->to_client; }

  std::size_t piece(std::size_t most) {
    return link_->faults->fragment ? 1 + random_.below(most) : most;
  }

  io::Task<base::Status> hear(base::Duration timeout) {
    std::string heard;
    while (heard.size() < kHello.size()) {
      std::array<char, kHello.size()> buffer{};
      const std::span<char> rest(buffer.data(), kHello.size() - heard.size());
      auto count = co_await read(rest, timeout);
      if (!count) co_return std::move(count).error();
      heard.append(buffer.data(), *count);
    }
    if (heard == kHello) co_return base::Status();
    co_return base::permanent(base::Code::tls, "what came is no TLS handshake");
  }

  static base::Error cancelled() {
    return base::transient(base::Code::cancelled, "the stream was closed on our side");
  }
  static base::Error gone(const std::string& what) {
    return base::transient(base::Code::closed, what + ": the peer has ended");
  }
  static base::Error late(const std::string& what) {
    return base::transient(base::Code::timeout, what + ": nothing came within its time");
  }

  io::Executor executor_;
  Schedule& schedule_;
  base::Random& random_;
  std::shared_ptr<Link> link_;
  bool client_;
  std::string peer_;
  bool secure_ = false;
  bool closed_ = false;
};

}  // namespace beredd::simulation
