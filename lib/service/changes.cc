#include "beredd/service/changes.h"

#include <mutex>
#include <set>

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace beredd::service {

using base::JournalSeq;
using base::Result;

struct Changes::Waiting {
  std::mutex mutex;  // guards what follows
  std::set<io::Timer*> timers;
  bool stopping = false;

  void wake_all() {
    for (io::Timer* timer : timers) timer->wake();
  }
};

// A waiter's place among those that are woken, as long as it waits.
class Changes::Place {
 public:
  Place(std::shared_ptr<Waiting> waiting, io::Timer& timer)
      : waiting_(std::move(waiting)), timer_(timer) {
    const std::lock_guard lock(waiting_->mutex);
    taken_ = waiting_->timers.size() < kMostWaiters;
    if (taken_) waiting_->timers.insert(&timer_);
  }
  ~Place() {
    const std::lock_guard lock(waiting_->mutex);
    waiting_->timers.erase(&timer_);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  bool taken() const { return taken_; }
  bool stopping() const {
    const std::lock_guard lock(waiting_->mutex);
    return waiting_->stopping;
  }

 private:
  std::shared_ptr<Waiting> waiting_;
  io::Timer& timer_;
  bool taken_ = false;
};

Changes::Changes(Context& context) : context_(context), waiting_(std::make_shared<Waiting>()) {}
Changes::~Changes() = default;

void Changes::notify() {
  const std::lock_guard lock(waiting_->mutex);
  waiting_->wake_all();
}

void Changes::stop() {
  const std::lock_guard lock(waiting_->mutex);
  waiting_->stopping = true;
  waiting_->wake_all();
}

io::Task<Result<JournalSeq>> Changes::beyond(JournalSeq after, base::Duration patience) {
  const io::Executor executor = co_await boost::asio::this_coro::executor;
  const auto timer = context_.timers.make(executor);
  // Before the first look: what comes between it and the wait ends the wait.
  const Place place(waiting_, *timer);
  if (!place.taken()) {
    co_return base::transient(base::Code::store_full, "too many wait for changes already");
  }
  const base::Instant end = context_.clock.steady() + patience;
  for (;;) {
    Result<JournalSeq> last = JournalSeq();
    const auto read = context_.store.read([&](const store::ReadTxn& txn) -> base::Status {
      last = txn.journal_end();
      return last ? base::Status() : base::Status(last.error());
    });
    if (!read) co_return read.error();
    const base::Duration left = end - context_.clock.steady();
    if (left.count() <= 0 || *last > after || place.stopping()) co_return last;
    const bool passed = co_await timer->wait(left);
    if (passed) co_return last;
  }
}

}  // namespace beredd::service
