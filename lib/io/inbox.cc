#include "beredd/io/inbox.h"

#include <mutex>
#include <utility>
#include <vector>

#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace beredd::io {
namespace {

namespace asio = boost::asio;

// One a loop, which owns it (Asio calls such a thing a service of the loop).
class Inbox final : public asio::execution_context::service {
 public:
  inline static asio::execution_context::id id;

  explicit Inbox(asio::execution_context& loop)
      : service(loop), loop_(static_cast<asio::io_context&>(loop)) {}

  void put(std::function<void()> call) {
    bool first = false;
    {
      const std::lock_guard lock(mutex_);
      first = calls_.empty();
      calls_.push_back(std::move(call));
    }
    if (first) asio::post(loop_, [this] { empty(); });
  }

 private:
  void empty() {
    std::vector<std::function<void()>> calls;
    {
      const std::lock_guard lock(mutex_);
      calls.swap(calls_);
    }
    for (std::function<void()>& call : calls) std::exchange(call, nullptr)();
  }

  // What a call holds may be a coroutine, whose end may want to put in another.
  void shutdown() override {
    std::vector<std::function<void()>> calls;
    {
      const std::lock_guard lock(mutex_);
      calls.swap(calls_);
    }
    calls.clear();
  }

  asio::io_context& loop_;
  std::mutex mutex_;
  std::vector<std::function<void()>> calls_;
};

}  // namespace

void deliver(const Executor& executor, std::function<void()> call) {
  const auto* loop = executor.target<asio::io_context::executor_type>();
  if (loop == nullptr) return asio::post(executor, std::move(call));
  asio::use_service<Inbox>(loop->context()).put(std::move(call));
}

}  // namespace beredd::io
