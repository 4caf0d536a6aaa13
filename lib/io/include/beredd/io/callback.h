#pragma once
// From a callback to a coroutine: how threads that know nothing of Asio complete one that waits.

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "beredd/io/inbox.h"
#include "beredd/io/task.h"

namespace beredd::io {

// The coroutine that waits, kept until it is told. Its executor has work until then.
template <typename T, typename Handler>
class Waiting : public std::enable_shared_from_this<Waiting<T, Handler>> {
 public:
  explicit Waiting(Handler handler)
      : work_(boost::asio::make_work_guard(handler)), handler_(std::move(handler)) {}

  void tell(T value) {
    value_ = std::move(value);
    deliver(work_.get_executor(), [self = this->shared_from_this()] { self->resume(); });
  }

 private:
  void resume() {
    Handler handler = std::move(handler_);
    T value = *std::move(value_);
    work_.reset();
    std::move(handler)(std::move(value));
  }

  boost::asio::executor_work_guard<boost::asio::associated_executor_t<Handler>> work_;
  Handler handler_;
  std::optional<T> value_;
};

// Suspends, runs `start` with a function to be called exactly once, from any thread and also from
// within `start`; the coroutine goes on, on its own executor, with the value given. When the
// function is dropped uncalled, the coroutine is destroyed.
template <typename T>
Task<T> await_callback(std::function<void(std::function<void(T)>)> start) {
  auto initiate = [start = std::move(start)](auto handler) {
    using Handler = decltype(handler);
    auto waiting = std::make_shared<Waiting<T, Handler>>(std::move(handler));
    start([waiting](T value) { waiting->tell(std::move(value)); });
  };
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void(T)>(
      std::move(initiate), boost::asio::use_awaitable);
}

}  // namespace beredd::io
