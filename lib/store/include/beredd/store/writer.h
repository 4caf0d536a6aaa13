#pragma once
// Group commit: a thread takes all that waits, makes it durable in one go, and completes each
// caller after it is on disk. There is no linger timer: the last commit's duration forms the next
// batch.
//
// There are two threads, so that no 250 waits for the tables: one takes mail into the store's log,
// the other is the tables' one writer. It settles the log in larger transactions, soon, and does
// background work when it is quiet or a small share of its time is due to it. After a failure of
// the store it looks after it while nobody writes, until it is well: so that reading does not wait
// for the next mail.

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <variant>
#include <vector>

#include "beredd/base/metrics.h"
#include "beredd/base/result.h"
#include "beredd/base/units.h"
#include "beredd/store/store.h"

namespace beredd::store {

// Whether somebody waits for the commit: a client for its 250, a relay for its next step.
enum class Urgency { now, background };

class WriterPace;

struct WriterLimits {
  std::size_t operations = 10'000;          // waiting at once
  base::Bytes bytes = base::mebibytes(32);  // weight waiting at once
  std::size_t batch_operations = 2'000;     // in one transaction
  base::Bytes batch_bytes = base::mebibytes(4);
  base::Bytes log_bytes = base::mebibytes(1);  // in one write of the log
};

class Writer {
 public:
  // Starts the threads. `store` outlives the writer.
  Writer(Store& store, WriterLimits limits, base::Metrics& metrics);
  // Commits what waits, completes it, settles the log, and joins.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Queues mail that has arrived, weighing `weight` bytes; `done` as below, once it is on disk.
  void accept(Arrival arrival, base::Bytes weight, std::function<void(base::Status)> done);

  // `settled` runs on a thread of the writer each time that mail which was accepted can be read
  // from then on. REQUIRES: nothing was accepted yet.
  void when_settled(std::function<void()> settled);

  // Queues `operation`, weighing `weight` bytes. `done` runs once, on a thread of the writer, after
  // the commit (or with the failure); it must be quick and must not throw. Any thread. When the
  // queue is at its limit, `done` runs at once in the caller's thread with transient/store_full.
  void submit(Operation operation, base::Bytes weight, std::function<void(base::Status)> done,
              Urgency urgency = Urgency::now);

 private:
  using Done = std::function<void(base::Status)>;
  struct Waiting {
    std::variant<Operation, Arrival> work;
    base::Bytes weight;
    Done done;
  };
  using Queue = std::deque<Waiting>;
  using Batch = std::vector<Waiting>;
  enum class Turn { apply, background, settle, look_after, stop };

  void enqueue(Queue& queue, std::condition_variable& wake, Waiting waiting);
  void run_log();
  void run_tables();
  // Waits until there is something to do for the tables' writer.
  Turn next_turn(std::unique_lock<std::mutex>& lock);
  Batch take_batch(Queue& queue, base::Bytes bytes);  // REQUIRES: the mutex is held
  void accept(Batch batch);
  bool apply(Batch batch);  // whether the store is well
  void settle();
  bool look_after();
  void note_settled();
  void complete(Batch& batch, std::vector<base::Status> statuses);

  Store& store_;
  const WriterLimits limits_;
  base::Gauge& queued_;
  base::Counter& commits_;
  base::Counter& operations_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_log_, wake_tables_;
  Queue arrivals_, urgent_, background_;
  base::Bytes queued_bytes_;
  std::unique_ptr<WriterPace> pace_;
  std::function<void()> settled_;
  bool stopping_ = false;
  bool log_ended_ = false;
  bool ailing_ = false;  // the store failed, and nothing has succeeded since

  std::thread log_thread_, table_thread_;
};

}  // namespace beredd::store
