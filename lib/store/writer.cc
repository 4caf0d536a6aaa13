#include "beredd/store/writer.h"

#include <algorithm>
#include <chrono>

namespace beredd::store {
namespace {

constexpr auto kVisit = std::chrono::milliseconds(250);

bool failed_by_the_disk(const base::Status& status) {
  return !status && status.error().fault == base::Fault::transient;
}

}  // namespace

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
    if (!wait_for_work(lock)) {
      lock.unlock();
      ailing_ = !look_after();
      lock.lock();
      continue;
    }
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
    ailing_ = std::any_of(statuses.begin(), statuses.end(), failed_by_the_disk);
    for (std::size_t i = 0; i < batch.size(); ++i) batch[i].done(std::move(statuses[i]));
    lock.lock();
  }
}

// False: nothing came, and it is time to look after the store.
bool Writer::wait_for_work(std::unique_lock<std::mutex>& lock) {
  const auto ready = [this] { return stopping_ || !queue_.empty(); };
  if (ailing_) return wake_.wait_for(lock, kVisit, ready);
  wake_.wait(lock, ready);
  return true;
}

// Whether the store begins transactions again.
bool Writer::look_after() {
  const Operation nothing = [](WriteTxn&) { return base::Status(); };
  return store_.apply(std::span(&nothing, 1)).front().ok();
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
