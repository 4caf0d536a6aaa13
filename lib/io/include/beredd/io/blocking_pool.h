#pragma once
// A bounded pool of threads for libraries and computations that block.

#include <functional>
#include <memory>

#include "beredd/io/task.h"

namespace beredd::io {

class BlockingPool {
 public:
  virtual ~BlockingPool() = default;
  // Runs `work` on a thread of the pool, in order of arrival; the coroutine goes on, on its own
  // executor, when it has returned. `work` must not throw.
  virtual Task<void> run(std::function<void()> work) = 0;
};

std::unique_ptr<BlockingPool> thread_pool(std::size_t threads);  // joins on destruction
std::unique_ptr<BlockingPool> inline_pool();                     // in the calling thread: for tests

}  // namespace beredd::io
