#include "beredd/store/writer.h"

#include "writer_pace.h"

#include <algorithm>

#include "beredd/base/log.h"
#include "beredd/base/thread.h"

namespace beredd::store {
namespace {

// How long mail waits at a time for the tables to take over what fills the log.
constexpr auto kForRoom = std::chrono::milliseconds(1);
// How often a store that failed is looked after.
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
      pace_(std::make_unique<WriterPace>()),
      log_thread_([this] { run_log(); }),
      table_thread_([this] { run_tables(); }) {}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_log_.notify_one();
  wake_tables_.notify_one();
  log_thread_.join();
  table_thread_.join();
}

void Writer::when_settled(std::function<void()> settled) {
  const std::lock_guard lock(mutex_);
  settled_ = std::move(settled);
}

void Writer::accept(Arrival arrival, base::Bytes weight, Done done) {
  enqueue(arrivals_, wake_log_, {std::move(arrival), weight, std::move(done)});
}

void Writer::submit(Operation operation, base::Bytes weight, Done done, Urgency urgency) {
  Queue& queue = urgency == Urgency::now ? urgent_ : background_;
  enqueue(queue, wake_tables_, {std::move(operation), weight, std::move(done)});
}

void Writer::enqueue(Queue& queue, std::condition_variable& wake, Waiting waiting) {
  bool wanted = false;
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    const std::size_t present = arrivals_.size() + urgent_.size() + background_.size();
    const std::size_t mail = arrivals_.size() + urgent_.size();
    // Background work bounds itself, and is not weighed: a mail of 40 MiB that is sorted would keep
    // all others out.
    const bool fits =
        &queue == &background_ || mail == 0 || queued_bytes_ + waiting.weight <= limits_.bytes;
    wanted = fits && present < limits_.operations;
    if (wanted) {
      if (&queue != &background_) queued_bytes_ = queued_bytes_ + waiting.weight;
      queue.push_back(std::move(waiting));
      queued_.set(static_cast<std::int64_t>(present + 1));
      first = queue.size() == 1;
    }
  }
  // Woken under the lock, the other thread would run into it.
  if (first) wake.notify_one();
  if (wanted) return;
  waiting.done(base::transient(base::Code::store_full, "the writer's queue is at its limit"));
}

void Writer::run_log() {
  base::name_thread("intake log");
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_log_.wait(lock, [this] { return stopping_ || !arrivals_.empty(); });
    if (arrivals_.empty()) break;
    if (!pace_->room_for_mail(store_.unsettled())) {
      wake_log_.wait_for(lock, kForRoom);
      continue;
    }
    Batch batch = take_batch(arrivals_, limits_.log_bytes);
    lock.unlock();
    accept(std::move(batch));
    lock.lock();
    const bool first = !pace_->unsettled();
    pace_->accepted(std::chrono::steady_clock::now());
    if (first || store_.unsettled() >= WriterPace::kFull) wake_tables_.notify_one();
  }
  log_ended_ = true;
  wake_tables_.notify_one();
}

void Writer::run_tables() {
  base::name_thread("store writer");
  const auto now = [] { return std::chrono::steady_clock::now(); };
  std::unique_lock lock(mutex_);
  for (;;) {
    const Turn turn = next_turn(lock);
    if (turn == Turn::stop) break;
    Batch batch;
    if (turn == Turn::apply) batch = take_batch(urgent_, limits_.batch_bytes);
    if (turn == Turn::background) batch = take_batch(background_, limits_.batch_bytes);
    lock.unlock();
    const auto began = now();
    bool well = true;
    if (turn == Turn::settle) settle();
    if (turn == Turn::look_after) well = look_after();
    if (turn == Turn::apply || turn == Turn::background) well = apply(std::move(batch));
    lock.lock();
    if (turn != Turn::settle) ailing_ = !well;
    if (turn == Turn::apply) pace_->applied(now());
    if (turn == Turn::background) pace_->background_ended(now(), now() - began);
  }
  lock.unlock();
  settle();
}

Writer::Turn Writer::next_turn(std::unique_lock<std::mutex>& lock) {
  for (;;) {
    const auto now = std::chrono::steady_clock::now();
    const bool mail_waits = !arrivals_.empty();
    if (pace_->settling_due(now, mail_waits, store_.unsettled())) return Turn::settle;
    if (!background_.empty() && pace_->background_due(now, mail_waits || !urgent_.empty())) {
      return Turn::background;
    }
    if (!urgent_.empty()) return Turn::apply;
    if (log_ended_) return background_.empty() ? Turn::stop : Turn::background;
    const auto until = pace_->wake_up(!background_.empty());
    if (ailing_ && (!until || *until > now + kVisit)) {
      if (wake_tables_.wait_until(lock, now + kVisit) == std::cv_status::timeout) {
        return Turn::look_after;
      }
    } else if (until) {
      wake_tables_.wait_until(lock, *until);
    } else {
      wake_tables_.wait(lock);
    }
  }
}

Writer::Batch Writer::take_batch(Queue& queue, base::Bytes bytes) {
  Batch batch;
  base::Bytes weight;
  while (!queue.empty() && batch.size() < limits_.batch_operations) {
    weight = weight + queue.front().weight;
    if (!batch.empty() && weight > bytes) break;
    if (&queue != &background_) {
      queued_bytes_ = base::Bytes(queued_bytes_.count() - queue.front().weight.count());
    }
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

bool Writer::apply(Batch batch) {
  std::vector<Operation> operations;
  operations.reserve(batch.size());
  for (Waiting& waiting : batch) operations.push_back(std::get<Operation>(std::move(waiting.work)));
  std::vector<base::Status> statuses = store_.apply(operations);
  const bool well = std::ranges::none_of(statuses, failed_by_the_disk);
  complete(batch, std::move(statuses));
  note_settled();
  return well;
}

// Whether the store begins transactions again.
bool Writer::look_after() {
  const Operation nothing = [](WriteTxn&) { return base::Status(); };
  return store_.apply(std::span(&nothing, 1)).front().ok();
}

void Writer::settle() {
  if (base::Status done = store_.settle(); !done) {
    base::log_warning("mail stays in the intake log for now why={}", base::to_string(done.error()));
    const std::lock_guard lock(mutex_);
    pace_->settling_failed(std::chrono::steady_clock::now());
    return;
  }
  note_settled();
}

void Writer::note_settled() {
  std::function<void()> told;
  {
    const std::lock_guard lock(mutex_);
    if (!pace_->unsettled()) return;
    if (store_.unsettled() == 0) pace_->settled();
    told = settled_;
  }
  if (told) told();
}

void Writer::complete(Batch& batch, std::vector<base::Status> statuses) {
  // Before the callers hear of it, so that whoever was told finds it counted.
  commits_.add();
  operations_.add(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) batch[i].done(std::move(statuses[i]));
}

}  // namespace beredd::store
