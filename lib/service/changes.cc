#include "beredd/service/changes.h"

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace beredd::service {

using base::JournalSeq;
using base::Result;

// A waiter's place among those that are woken, as long as it waits.
class Changes::Place {
 public:
  Place(Changes& changes, io::Timer& timer) : changes_(changes), timer_(timer) {
    const std::lock_guard lock(changes_.mutex_);
    taken_ = changes_.waiting_.size() < kMostWaiters;
    if (taken_) changes_.waiting_.insert(&timer_);
  }
  ~Place() {
    const std::lock_guard lock(changes_.mutex_);
    changes_.waiting_.erase(&timer_);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  bool taken() const { return taken_; }

 private:
  Changes& changes_;
  io::Timer& timer_;
  bool taken_ = false;
};

void Changes::notify() {
  const std::lock_guard lock(mutex_);
  for (io::Timer* timer : waiting_) timer->wake();
}

void Changes::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  for (io::Timer* timer : waiting_) timer->wake();
}

io::Task<Result<JournalSeq>> Changes::beyond(JournalSeq after, base::Duration patience) {
  const io::Executor executor = co_await boost::asio::this_coro::executor;
  const auto timer = context_.timers.make(executor);
  // Before the first look: what comes between it and the wait ends the wait.
  const Place place(*this, *timer);
  if (!place.taken()) {
    co_return base::transient(base::Code::store_full, "too many wait for changes already");
  }
  const base::Instant end = context_.clock.steady() + patience;
  for (;;) {
    Result<JournalSeq> last = JournalSeq();
    const auto read = context_.store.read([&](const store::ReadTxn& txn) -> base::Status {
      last = txn.journal_end();
      return last ? base::Status() : last.error();
    });
    if (!read) co_return read.error();
    const base::Duration left = end - context_.clock.steady();
    bool over = left.count() <= 0 || *last > after;
    if (!over) {
      const std::lock_guard lock(mutex_);
      over = stopping_;
    }
    if (over) co_return last;
    const bool passed = co_await timer->wait(left);
    if (passed) co_return last;
  }
}

}  // namespace beredd::service
