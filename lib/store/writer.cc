#include "beredd/store/writer.h"

#include "writer_pace.h"

#include "beredd/base/log.h"
#include "beredd/base/thread.h"

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

void Writer::when_settled(std::function<void()> settled) {
  const std::lock_guard lock(mutex_);
  settled_ = std::move(settled);
}

void Writer::accept(Arrival arrival, base::Bytes weight, Done done) {
  enqueue(arrivals_, {std::move(arrival), weight, std::move(done)});
}

void Writer::submit(Operation operation, base::Bytes weight, Done done, Urgency urgency) {
  Queue& queue = urgency == Urgency::now ? urgent_ : background_;
  enqueue(queue, {std::move(operation), weight, std::move(done)});
}

void Writer::enqueue(Queue& queue, Waiting waiting) {
  {
    const std::lock_guard lock(mutex_);
    const std::size_t present = arrivals_.size() + urgent_.size() + background_.size();
    const bool fits = present == 0 || queued_bytes_ + waiting.weight <= limits_.bytes;
    if (fits && present < limits_.operations) {
      queued_bytes_ = queued_bytes_ + waiting.weight;
      queue.push_back(std::move(waiting));
      queued_.set(static_cast<std::int64_t>(present + 1));
      if (idle_) wake_.notify_one();
      return;
    }
  }
  waiting.done(base::transient(base::Code::store_full, "the writer's queue is at its limit"));
}

void Writer::run() {
  base::name_thread("store writer");
  const auto now = [] { return std::chrono::steady_clock::now(); };
  WriterPace pace;
  std::unique_lock lock(mutex_);
  for (;;) {
    const Turn turn = next_turn(lock, pace);
    if (turn == Turn::stop) break;
    Queue& queue = turn == Turn::accept       ? arrivals_
                   : turn == Turn::background ? background_
                                              : urgent_;
    const auto bytes = turn == Turn::accept ? limits_.log_bytes : limits_.batch_bytes;
    Batch batch = turn == Turn::settle ? Batch() : take_batch(queue, bytes);
    lock.unlock();
    const auto began = now();
    if (turn == Turn::accept) {
      accept(std::move(batch));
      pace.accepted(now());
    } else if (turn == Turn::settle) {
      if (!store_.settle()) pace.settling_failed(now());
    } else {
      apply(std::move(batch));
      turn == Turn::apply ? pace.applied(now()) : pace.background_ended(now(), now() - began);
    }
    const bool settled = pace.unsettled() && store_.unsettled() == 0;
    if (settled) pace.settled();
    if (settled && settled_) settled_();
    lock.lock();
  }
  // What stays in the log is safe there, and taken over at the next start.
  if (auto last = store_.settle(); !last) {
    base::log_warning("mail stays in the intake log why={}", base::to_string(last.error()));
  }
}

// Mail and other work that is waited for take turns: neither can hold up the other.
Writer::Turn Writer::next_turn(std::unique_lock<std::mutex>& lock, WriterPace& pace) {
  for (;;) {
    const auto now = std::chrono::steady_clock::now();
    const bool waited_for = !arrivals_.empty() || !urgent_.empty();
    if (pace.settling_due(now, !arrivals_.empty(), store_.unsettled())) return Turn::settle;
    if (!background_.empty() && pace.background_due(now, waited_for)) return Turn::background;
    if (!arrivals_.empty() && (urgent_.empty() || !pace.accepted_last())) return Turn::accept;
    if (!urgent_.empty()) return Turn::apply;
    if (stopping_ && !background_.empty()) return Turn::background;
    if (stopping_) return Turn::stop;
    idle_ = true;
    if (const auto until = pace.wake_up(!background_.empty())) {
      wake_.wait_until(lock, *until);
    } else {
      wake_.wait(lock);
    }
    idle_ = false;
  }
}

Writer::Batch Writer::take_batch(Queue& queue, base::Bytes bytes) {
  Batch batch;
  base::Bytes weight;
  while (!queue.empty() && batch.size() < limits_.batch_operations) {
    weight = weight + queue.front().weight;
    if (!batch.empty() && weight > bytes) break;
    queued_bytes_ = base::Bytes(queued_bytes_.count() - queue.front().weight.count());
    batch.push_back(std::move(queue.front()));
    queue.pop_front();
  }
  queued_.set(static_cast<std::int64_t>(arrivals_.size() + urgent_.size() + background_.size()));
  return batch;
}

void Writer::accept(Batch batch) {
  std::vector<Arrival> arrivals;
  arrivals.reserve(batch.size());
  for (Waiting& waiting : batch) arrivals.push_back(std::get<Arrival>(std::move(waiting.work)));
  complete(batch, store_.accept(std::move(arrivals)));
}

void Writer::apply(Batch batch) {
  std::vector<Operation> operations;
  operations.reserve(batch.size());
  for (Waiting& waiting : batch) operations.push_back(std::get<Operation>(std::move(waiting.work)));
  complete(batch, store_.apply(operations));
}

void Writer::complete(Batch& batch, std::vector<base::Status> statuses) {
  // Before the callers hear of it, so that whoever was told finds it counted.
  commits_.add();
  operations_.add(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) batch[i].done(std::move(statuses[i]));
}

}  // namespace beredd::store
