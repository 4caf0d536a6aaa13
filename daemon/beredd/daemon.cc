#include "daemon.h"

#include "systemd.h"

#include <algorithm>
#include <thread>
#include <utility>

#include <boost/asio/use_awaitable.hpp>
#include <fmt/ranges.h>

#include "beredd/base/log.h"
#include "beredd/base/thread.h"

namespace beredd::daemon {

using base::Status;

namespace {

constexpr int kThreads = 2;  // of the services and the control socket
// Of the sessions: half of the processors. The other half has the log, whose one sync many sessions
// share, and the clients on their way; with two threads on two processors a fast sender had a tenth
// less (docs/performance.md).
constexpr unsigned kMostSessionThreads = 8;
constexpr base::Duration kLeastPatience = std::chrono::seconds(1);
constexpr base::Duration kPatience = std::chrono::seconds(15);  // for what is under way at the end

int session_threads() {
  const unsigned processors = std::thread::hardware_concurrency();  // 0: not known
  return static_cast<int>(std::clamp(processors / 2, 1U, kMostSessionThreads));
}

}  // namespace

Daemon::Daemon(std::shared_ptr<const config::Config> config)
    : config_(std::move(config)),
      io_(kThreads),
      sessions_(session_threads()),
      core_(boost::asio::make_strand(io_)) {}

// The writer first: what waits for it is committed while whoever asked for it still lives. Then the
// services, then what they stand on.
Daemon::~Daemon() { writer_.reset(); }

// The sockets first: a second daemon on the same address ends before it touches anything.
Status Daemon::open() {
  if (auto opened = open_listeners(); !opened) return opened;
  if (auto opened = open_store(); !opened) return opened;
  if (auto opened = open_services(); !opened) return opened;
  if (auto opened = open_targets(); !opened) return opened;
  if (auto opened = open_outgoing(); !opened) return opened;
  return open_control();
}

void Daemon::start() {
  // Before anybody is told that we are ready: a SIGHUP that came first would end the process.
  signals_.emplace(core_, SIGTERM, SIGINT, SIGHUP);
  watch_->start();
  for (auto& relay : relays_) relay->start();
  if (postman_) postman_->start();
  sort_->start();
  notices_->start();
  reopening_->start();
  uploads_->start(core_);
  if (indexing_) indexing_->start();
  rota_->start();
  if (deadlines_) deadlines_->start();
  if (certificates_) certificates_->start();
  control_->serve(std::move(control_listener_));
  for (auto& listener : smtp_listeners_) intake_->serve(std::move(listener));
  for (auto& listener : lmtp_listeners_) {
    intake_->serve(std::move(listener), smtp::Protocol::lmtp);
  }
  if (const auto interval = watchdog_interval()) {
    io::spawn(core_, feed_watchdog(*interval / 3), "watchdog");
  }
  io::spawn(core_, wait_for_signal(), "signals");
}

void Daemon::run() {
  start();
  sessions_.start();
  std::vector<std::thread> threads;
  for (int n = 1; n < kThreads; ++n) {
    threads.emplace_back([this] {
      base::name_thread("services");
      io_.run();
    });
  }
  base::log_info("ready: SMTP on {}, control on {}", fmt::join(serving_, ", "),
                 config_->control.socket.string());
  notify_ready();
  io_.run();
  for (std::thread& thread : threads) thread.join();
  sessions_.stop();
  base::log_info("stopped");
}

// From the strand that all services share: it is fed only while they make progress.
io::Task<void> Daemon::feed_watchdog(base::Duration interval) {
  const auto timer = timers_->make(core_);
  for (;;) {
    notify_alive();
    co_await timer->wait(interval);
  }
}

io::Task<void> Daemon::wait_for_signal() {
  int signal = co_await signals_->async_wait(boost::asio::use_awaitable);
  while (signal == SIGHUP) {
    base::log_info("SIGHUP: {}", certificates_ ? "certificates are read anew"
                                               : "there is no certificate to read anew");
    if (certificates_) certificates_->reload();
    signal = co_await signals_->async_wait(boost::asio::use_awaitable);
  }
  base::log_info("stopping on signal {}", signal);
  notify_stopping();
  co_await stop();
  io_.stop();
}

io::Task<void> Daemon::stop() {
  // One patience for all of them: the unit's TimeoutStopSec is not far behind it.
  const auto began = std::chrono::steady_clock::now();
  const bool finished = co_await intake_->drain(kPatience);
  if (!finished)
    base::log_warning("some transactions did not finish in time; none of them had its 250");
  if (certificates_) certificates_->stop();
  watch_->stop();
  sort_->stop();
  reopening_->stop();
  uploads_->stop();
  notices_->stop();
  if (indexing_) indexing_->stop();
  if (postman_) co_await postman_->drain(kPatience / 3);
  rota_->stop();
  if (deadlines_) deadlines_->stop();
  changes_->stop();
  for (auto& relay : relays_) {
    const base::Duration spent =
        std::chrono::duration_cast<base::Duration>(std::chrono::steady_clock::now() - began);
    co_await relay->drain(std::max(kLeastPatience, kPatience - spent));
  }
  control_->stop();
}

}  // namespace beredd::daemon
