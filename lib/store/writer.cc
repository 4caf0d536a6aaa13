#include "beredd/store/writer.h"

namespace beredd::store {

Writer::Writer(Store& store, WriterLimits limits, base::Metrics& metrics)
    : store_(store),
      limits_(limits),
      queued_(
          metrics.gauge("beredd_store_queued_operations", "Operations waiting for the writer.")),
      commits_(metrics.counter("beredd_store_commits_total", "Transactions of the writer.")),
      operations_(
          metrics.counter("beredd_store_operations_total", "Operations that the writer ran.")),
      thread_([this] { run(); }) {}

Writer::~Writer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Writer::submit(Operation operation, base::Bytes weight,
                    std::function<void(base::Status)> done) {
  {
    std::lock_guard lock(mutex_);
    bool fits = queue_.empty() || queued_bytes_ + weight <= limits_.bytes;
    if (fits && queue_.size() < limits_.operations) {
      queue_.push_back({std::move(operation), weight, std::move(done)});
      queued_bytes_ = queued_bytes_ + weight;
      queued_.set(static_cast<std::int64_t>(queue_.size()));
      wake_.notify_one();
      return;
    }
  }
  done(base::transient(base::Code::store_full, "the writer's queue is at its limit"));
}

void Writer::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    std::vector<Waiting> batch = take_batch(lock);
    lock.unlock();
    std::vector<Operation> operations;
    operations.reserve(batch.size());
    for (Waiting& waiting : batch) operations.push_back(std::move(waiting.operation));
    std::vector<base::Status> statuses = store_.apply(operations);
    // Before the callers hear of it, so that whoever was told finds it counted.
    commits_.add();
    operations_.add(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) batch[i].done(std::move(statuses[i]));
    lock.lock();
  }
}

// `lock` shows that the mutex is held.
std::vector<Writer::Waiting> Writer::take_batch(std::unique_lock<std::mutex>&) {
  std::vector<Waiting> batch;
  base::Bytes weight;
  while (!queue_.empty() && batch.size() < limits_.batch_operations) {
    weight = weight + queue_.front().weight;
    if (!batch.empty() && weight > limits_.batch_bytes) break;
    queued_bytes_ = base::Bytes(queued_bytes_.count() - queue_.front().weight.count());
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  queued_.set(static_cast<std::int64_t>(queue_.size()));
  return batch;
}

}  // namespace beredd::store
