#include "beredd/io/session_threads.h"

#include "beredd/base/thread.h"

namespace beredd::io {

SessionThreads::SessionThreads(int count) {
  for (int n = 0; n < count; ++n) {
    loops_.push_back(std::make_unique<Loop>(1));
    work_.emplace_back(loops_.back()->get_executor());
  }
}

SessionThreads::~SessionThreads() { stop(); }

Executor SessionThreads::next() {
  return loops_[turn_.fetch_add(1, std::memory_order_relaxed) % loops_.size()]->get_executor();
}

Homes SessionThreads::homes() {
  return [this] { return next(); };
}

void SessionThreads::start() {
  for (const auto& loop : loops_) {
    threads_.emplace_back([&loop = *loop] {
      base::name_thread("io");
      loop.run();
    });
  }
}

void SessionThreads::stop() {
  for (const auto& loop : loops_) loop->stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace beredd::io
