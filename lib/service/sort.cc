#include "beredd/service/sort.h"

#include "threading.h"

#include <algorithm>
#include <utility>

#include "beredd/base/log.h"

namespace beredd::service {

using base::MessageId;
using base::Status;

namespace {

constexpr std::size_t kBatch = 64;                          // messages in one commit
constexpr base::Bytes kBatchBytes = base::mebibytes(16);    // of raw mail in memory at once
constexpr int kAttempts = 2;                                // then a mail is not read again
constexpr base::Duration kPause = std::chrono::seconds(1);  // after a failure of the store

}  // namespace

struct Sort::Item {
  store::Message message;
  std::string raw;
  std::string unreadable;  // why it must not be read; empty: it may
  mail::Reading reading;
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

Status Sort::load(const store::ReadTxn& txn, MessageId id, Item& item) const {
  auto message = txn.message(id);
  if (!message) return message.error();
  item.message = std::move(*message);
  if (txn.sort_attempts(id) >= kAttempts) item.unreadable = "reading it ended the process twice";
  item.raw.reserve(item.message.body.size.count());
  for (std::uint32_t index = 0; index < item.message.body.chunks; ++index) {
    auto chunk = txn.chunk(item.message.body, index);
    if (!chunk) {
      base::log_error("message {}: {}", id.value(), base::to_string(chunk.error()));
      item.unreadable = "its bytes are damaged";
      return {};
    }
    item.raw += *chunk;
  }
  return {};
}

Sort::Items Sort::take(std::size_t limit) {
  auto items = std::make_shared<std::vector<Item>>();
  auto taken = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    base::Bytes loaded;
    for (const MessageId id : txn.unsorted(last_, limit)) {
      Item item;
      if (auto whole = load(txn, id, item); !whole) {
        base::log_error("message {} cannot be sorted: {}", id.value(),
                        base::to_string(whole.error()));
        if (!items->empty()) break;
        last_ = id;
        continue;
      }
      loaded = loaded + base::Bytes(item.raw.size());
      items->push_back(std::move(item));
      if (loaded > kBatchBytes) break;
    }
    return {};
  });
  if (!taken) base::log_error("sort: {}", base::to_string(taken.error()));
  return items;
}

io::Task<void> Sort::read(Items items) {
  std::function<void()> work = [items] {
    for (Item& item : *items) {
      item.reading = item.unreadable.empty() ? mail::read(item.raw) : mail::opaque(item.unreadable);
      std::string().swap(item.raw);
    }
  };
  co_await context_.pool.run(std::move(work));
}

// The first that a former process left unsorted are read one by one, each marked before it is read:
// that process may have ended by one of the batch that it was reading.
io::Task<Sort::Recovered> Sort::recover_one() {
  Items item = take(1);
  if (item->empty()) co_return Recovered::nothing;
  const MessageId id = item->front().message.id;
  store::Operation mark = [id](store::WriteTxn& txn) { return txn.mark_sort_attempt(id); };
  auto marked = co_await context_.committer.commit(std::move(mark), base::Bytes(64));
  if (!marked) {
    base::log_error("sort: {}", base::to_string(marked.error()));
    co_await timer_->wait(kPause);
    co_return Recovered::not_sorted;
  }
  co_await read(item);
  const std::size_t sorted = co_await commit_each(item);
  co_return sorted == 1 ? Recovered::sorted : Recovered::not_sorted;
}

io::Task<bool> Sort::sort_batch() {
  Items items = take(kBatch);
  if (items->empty()) co_return false;
  co_await read(items);
  auto written = co_await commit(items);
  if (written) {
    last_ = items->back().message.id;
    co_return true;
  }
  base::log_error("sort: {} messages wait: {}", items->size(), base::to_string(written.error()));
  if (written.error().fault == base::Fault::transient) {
    co_await timer_->wait(kPause);
  } else {
    co_await commit_each(items);  // one of them is the cause; the others are not held up
  }
  co_return true;
}

io::Task<std::size_t> Sort::commit_each(Items items) {
  std::size_t sorted = 0;
  for (Item& item : *items) {
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
    last_ =
        id;  // one that cannot be sorted stays listed as unsorted, and is tried at the next start
  }
  co_return sorted;
}

io::Task<Status> Sort::commit(Items items) {
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
