#include "sandbox_failure.h"

#include <array>
#include <chrono>

#include <boost/asio/this_coro.hpp>

namespace beredd::beredctl {
namespace {

struct Named {
  Failure failure;
  std::string_view name;
};

constexpr std::array kNames = {
    Named{Failure::none, "none"},     Named{Failure::refuse, "refuse"},
    Named{Failure::hang, "hang"},     Named{Failure::tempfail, "tempfail"},
    Named{Failure::reject, "reject"}, Named{Failure::drop, "drop"},
};

}  // namespace

std::string_view name(Failure failure) {
  for (const Named& one : kNames) {
    if (one.failure == failure) return one.name;
  }
  return "";
}

std::optional<Failure> failure_named(std::string_view text) {
  for (const Named& one : kNames) {
    if (one.name == text) return one.failure;
  }
  return std::nullopt;
}

void FailureSwitch::set(Failure failure) {
  now_ = failure;
  wake_all();
}

void FailureSwitch::stop() {
  stopped_ = true;
  wake_all();
}

void FailureSwitch::wake_all() {
  const std::lock_guard lock(mutex_);
  for (io::Timer* timer : waiting_) timer->wake();
}

io::Task<void> FailureSwitch::sit_out() {
  if (!hangs()) co_return;
  const io::Executor executor = co_await boost::asio::this_coro::executor;
  const auto timer = timers_.make(executor);
  {
    const std::lock_guard lock(mutex_);
    waiting_.insert(timer.get());
  }
  while (hangs()) co_await timer->wait(std::chrono::hours(1));
  const std::lock_guard lock(mutex_);
  waiting_.erase(timer.get());
}

}  // namespace beredd::beredctl
