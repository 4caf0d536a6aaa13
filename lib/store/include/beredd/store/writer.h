#pragma once
// Group commit: one thread takes all that waits, applies it in one transaction, and completes each
// caller after the commit is on disk. There is no linger timer: the last commit's duration forms
// the next batch.
//
// After a failure of the store the writer looks after it while nobody writes, until it is well: so
// that reading does not wait for the next mail.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "beredd/base/metrics.h"
#include "beredd/base/result.h"
#include "beredd/base/units.h"
#include "beredd/store/store.h"

namespace beredd::store {

struct WriterLimits {
  std::size_t operations = 10'000;          // waiting at once
  base::Bytes bytes = base::mebibytes(64);  // weight waiting at once
  std::size_t batch_operations = 2'000;     // in one transaction
  base::Bytes batch_bytes = base::mebibytes(16);
};

class Writer {
 public:
  // Starts the thread. `store` outlives the writer.
  Writer(Store& store, WriterLimits limits, base::Metrics& metrics);
  // Commits what waits, completes it, and joins.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Queues `operation`, weighing `weight` bytes. `done` runs once, on the writer's thread, after
  // the commit (or with the failure); it must be quick and must not throw. Any thread. When the
  // queue is at its limit, `done` runs at once in the caller's thread with transient/store_full.
  void submit(Operation operation, base::Bytes weight, std::function<void(base::Status)> done);

 private:
  struct Waiting {
    Operation operation;
    base::Bytes weight;
    std::function<void(base::Status)> done;
  };
  void run();
  bool wait_for_work(std::unique_lock<std::mutex>& lock);
  bool look_after();
  std::vector<Waiting> take_batch(std::unique_lock<std::mutex>& lock);

  Store& store_;
  const WriterLimits limits_;
  base::Gauge& queued_;
  base::Counter& commits_;
  base::Counter& operations_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> queue_;
  base::Bytes queued_bytes_;
  bool stopping_ = false;
  bool ailing_ = false;  // the writer's thread only
  std::thread thread_;
};

}  // namespace beredd::store
