#include "beredd/service/sort.h"

#include "careful_reading.h"
#include "threading.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "beredd/base/log.h"

namespace beredd::service {

using base::MessageId;
using base::Status;

namespace {

constexpr std::size_t kBatch = 64;                        // messages in one commit
constexpr base::Bytes kBatchBytes = base::mebibytes(16);  // of raw mail in memory at once
// Then a mail is not read again. Several, because a process that ends has mostly other reasons:
// what a mail does to its reader, it does in the jail.
constexpr int kAttempts = 5;
constexpr base::Duration kPause = std::chrono::seconds(1);  // after a failure of the store

}  // namespace

struct Sort::Item {
  store::Message message;
  std::string unreadable;  // why it must not be read; empty: it may, and lies in the batch
  mail::Reading reading;
};

// What is sorted together. The reader's batch holds, in order, those items that may be read.
struct Sort::Batch {
  std::vector<Item> items;
  std::shared_ptr<io::MailBatch> raw;
};

Sort::Sort(Context& context, Modes& modes, io::Executor executor,
           std::function<void(std::string_view)> sorted)
    : context_(context),
      modes_(modes),
      executor_(std::move(executor)),
      sorted_(std::move(sorted)),
      timer_(context.timers.make(executor_)) {}

Sort::~Sort() = default;

void Sort::start() { io::spawn(executor_, sort_forever(), "sort"); }
void Sort::wake() { timer_->wake(); }

void Sort::stop() {
  stopping_ = true;
  context_.reader.stop();
  timer_->wake();
}

io::Task<void> Sort::sort_forever() {
  // What a former process may have ended by is among the first so many.
  for (std::size_t sorted = 0; sorted < kBatch && !stopping_;) {
    const Recovered recovered = co_await recover_one();
    if (recovered == Recovered::nothing) break;
    if (recovered == Recovered::sorted) ++sorted;
  }
  while (!stopping_) {
    const bool more = co_await sort_batch();
    if (!more && !stopping_) co_await timer_->wait(std::chrono::minutes(1));
  }
}

Status Sort::load(const store::ReadTxn& txn, Item& item, io::MailBatch& raw) const {
  const MessageId id = item.message.id;
  if (txn.sort_attempts(id) >= kAttempts) {
    item.unreadable = fmt::format("{} processes ended while it was being read", kAttempts);
    return {};
  }
  for (std::uint32_t index = 0; index < item.message.body.chunks; ++index) {
    const auto chunk = txn.chunk(item.message.body, index);
    if (!chunk) {
      base::log_error("message {}: {}", id.value(), base::to_string(chunk.error()));
      item.unreadable = "its bytes are damaged";
      raw.drop_mail();
      return {};
    }
    if (auto appended = raw.append(*chunk); !appended) return appended;
  }
  raw.end_mail();
  return {};
}

// A mail that would make the batch too large waits for the next one: a large mail goes alone.
std::shared_ptr<Sort::Batch> Sort::take(std::size_t limit) {
  auto batch = std::make_shared<Batch>();
  batch->raw = context_.reader.batch();
  base::Bytes loaded;
  auto taken = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    for (const MessageId id : txn.unsorted(last_, limit)) {
      auto message = txn.message(id);
      if (!message) {
        base::log_error("message {} cannot be sorted: {}", id.value(),
                        base::to_string(message.error()));
        if (!batch->items.empty()) break;
        last_ = id;
        continue;
      }
      loaded = loaded + message->body.size;
      if (loaded > kBatchBytes && !batch->items.empty()) break;
      Item item{*std::move(message), {}, {}};
      if (auto whole = load(txn, item, *batch->raw); !whole) return whole;
      batch->items.push_back(std::move(item));
    }
    return {};
  });
  if (!taken) base::log_error("sort: {}", base::to_string(taken.error()));
  return batch;
}

io::Task<Status> Sort::read(std::shared_ptr<Batch> batch) {
  std::vector<MessageId> ids;
  for (Item& item : batch->items) {
    if (item.unreadable.empty()) {
      ids.push_back(item.message.id);
    } else {
      item.reading = mail::opaque(item.unreadable);
    }
  }
  if (ids.empty()) co_return Status();
  auto readings = co_await read_carefully(context_.reader, std::exchange(batch->raw, nullptr),
                                          std::move(ids), context_.metrics);
  if (!readings) co_return readings.error();
  auto next = readings->begin();
  for (Item& item : batch->items) {
    if (item.unreadable.empty()) item.reading = std::move(*next++);
  }
  co_return Status();
}

// The first that a former process left unsorted are read one by one, each marked before it is read:
// that process may have ended by one of the batch that it was reading. Where there is no reader,
// nothing is marked: a mail is not to blame for what was never tried.
io::Task<Sort::Recovered> Sort::recover_one() {
  std::shared_ptr<Batch> batch = take(1);
  if (batch->items.empty()) co_return Recovered::nothing;
  const MessageId id = batch->items.front().message.id;
  auto ready = co_await context_.reader.ready();
  if (ready && marked_ != id) {
    store::Operation mark = [id](store::WriteTxn& txn) { return txn.mark_sort_attempt(id); };
    ready = co_await context_.committer.commit(std::move(mark), base::Bytes(64));
  }
  if (ready) {
    marked_ = id;
    ready = co_await read(batch);
  }
  if (!ready) {
    co_await put_off(ready.error(), 1);
    co_return Recovered::not_sorted;
  }
  const std::size_t sorted = co_await commit_each(std::move(batch->items));
  co_return sorted == 1 ? Recovered::sorted : Recovered::not_sorted;
}

io::Task<void> Sort::put_off(base::Error why, std::size_t messages) {
  if (stopping_) co_return;
  base::log_error("sort: {} messages wait: {}", messages, base::to_string(why));
  co_await timer_->wait(kPause);
}

io::Task<bool> Sort::sort_batch() {
  std::shared_ptr<Batch> batch = take(kBatch);
  if (batch->items.empty()) co_return false;
  auto read_all = co_await read(batch);
  if (!read_all) {
    co_await put_off(read_all.error(), batch->items.size());
    co_return true;
  }
  const MessageId last = batch->items.back().message.id;
  auto items = std::make_shared<std::vector<Item>>(std::move(batch->items));
  auto written = co_await commit(items);
  if (written) {
    last_ = last;
  } else if (written.error().fault == base::Fault::transient) {
    co_await put_off(written.error(), items->size());
  } else {
    // One of them is the cause; the others are not held up.
    base::log_error("sort: {}", base::to_string(written.error()));
    co_await commit_each(std::move(*items));
  }
  co_return true;
}

io::Task<std::size_t> Sort::commit_each(std::vector<Item> items) {
  std::size_t sorted = 0;
  for (Item& item : items) {
    const MessageId id = item.message.id;
    auto one = std::make_shared<std::vector<Item>>();
    one->push_back(std::move(item));
    auto written = co_await commit(std::move(one));
    if (!written) {
      base::log_error("message {} cannot be sorted: {}", id.value(),
                      base::to_string(written.error()));
      if (written.error().fault == base::Fault::transient) {
        co_await timer_->wait(kPause);
        co_return sorted;  // it is taken again
      }
    } else {
      ++sorted;
    }
    // One that cannot be sorted stays listed as unsorted, and is tried at the next start.
    last_ = id;
  }
  co_return sorted;
}

io::Task<Status> Sort::commit(std::shared_ptr<const std::vector<Item>> items) {
  const auto now = context_.clock.now();
  std::uint64_t weight = 0;
  for (const Item& item : *items) weight += 1024 + item.reading.text.size() * 2;
  store::Operation operation = [this, items, now](store::WriteTxn& txn) -> Status {
    for (const Item& item : *items) {
      const auto& desks = context_.config->desks;
      auto desk = std::find_if(desks.begin(), desks.end(),
                               [&](const auto& d) { return d.name == item.message.desk; });
      // A desk that left the configuration: its mail is the first desk's now, rather than nobody's.
      if (desk == desks.end()) desk = desks.begin();
      const ToJoin join{
          item.message, item.reading, *context_.config, *desk, modes_.mode(desk->primary), now};
      if (auto joined = join_ticket(txn, join); !joined) return joined;
    }
    return {};
  };
  auto written =
      co_await context_.committer.commit_in_background(std::move(operation), base::Bytes(weight));
  if (written) {
    context_.metrics.counter("beredd_mail_sorted_total", "Messages joined to a ticket")
        .add(items->size());
    for (const config::Primary& primary : context_.config->primaries) sorted_(primary.name);
  }
  co_return written;
}

}  // namespace beredd::service
