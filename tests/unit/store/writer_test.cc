#include "beredd/store/writer.h"

#include "store_fixture.h"

#include <future>

namespace beredd::store {
namespace {

using testing::HasSubstr;

// A store whose transactions wait for the test, and which keeps the size of each batch.
class GatedStore final : public Store {
 public:
  base::Status read(const std::function<base::Status(const ReadTxn&)>&) const override {
    return base::permanent(base::Code::unsupported, "not in this test");
  }
  std::vector<base::Status> apply(std::span<const Operation> operations) override {
    std::unique_lock lock(mutex_);
    batches_.push_back(operations.size());
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
    std::vector<base::Status> statuses(operations.size());
    if (fail_) {
      for (base::Status& status : statuses) status = base::transient(base::Code::io, "EIO");
    }
    return statuses;
  }
  BodyWriter new_body() override { return {base::BodyId(1), {}, key_of('k')}; }
  std::string_view instance() const override { return "00000000"; }
  std::uint64_t next_serial() override { return 1; }
  base::Bytes room() const override { return {}; }

  void wait_for_batches(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return batches_.size() >= count; });
  }
  void open_gate() {
    std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void fail_from_now_on() {
    std::lock_guard lock(mutex_);
    fail_ = true;
  }
  std::vector<std::size_t> batches() {
    std::lock_guard lock(mutex_);
    return batches_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  bool fail_ = false;
  std::vector<std::size_t> batches_;
};

Operation nothing() {
  return [](WriteTxn&) { return base::Status(); };
}

class WriterTest : public testing::Test {
 protected:
  void start(const WriterLimits& limits) { writer_.emplace(store_, limits, metrics_); }
  // Occupies the writer, so that what follows waits in the queue.
  void occupy() {
    submit(1);
    store_.wait_for_batches(1);
  }
  void submit(std::uint64_t weight) {
    writer_->submit(nothing(), base::Bytes(weight), [this](const base::Status& status) {
      ++done_;
      if (!status) {
        ++failed_;
        last_error_ = base::to_string(status.error());
      }
    });
  }
  void finish() {
    store_.open_gate();
    writer_.reset();
  }

  GatedStore store_;
  base::Metrics metrics_;
  std::optional<Writer> writer_;
  std::atomic<int> done_{0};
  std::atomic<int> failed_{0};
  std::string last_error_;
};

TEST_F(WriterTest, GathersWhatWaitsIntoOneTransaction) {
  start({});
  occupy();
  for (int i = 0; i < 9; ++i) submit(1);
  EXPECT_EQ(done_, 0);
  finish();
  EXPECT_EQ(done_, 10);
  EXPECT_EQ(failed_, 0);
  EXPECT_THAT(store_.batches(), testing::ElementsAre(1, 9));
  EXPECT_THAT(metrics_.text(), HasSubstr("beredd_store_commits_total 2"));
  EXPECT_THAT(metrics_.text(), HasSubstr("beredd_store_operations_total 10"));
  EXPECT_THAT(metrics_.text(), HasSubstr("beredd_store_queued_operations 0"));
}

TEST_F(WriterTest, KeepsABatchWithinItsLimits) {
  WriterLimits limits;
  limits.batch_operations = 3;
  limits.batch_bytes = base::Bytes(100);
  start(limits);
  occupy();
  for (std::uint64_t weight : {1u, 1u, 1u, 1u, 60u, 60u, 500u}) submit(weight);
  finish();
  EXPECT_THAT(store_.batches(), testing::ElementsAre(1, 3, 2, 1, 1));
  EXPECT_EQ(done_, 8);
}

TEST_F(WriterTest, SaysStoreFullAtOnceWhenTooManyWait) {
  WriterLimits limits;
  limits.operations = 2;
  start(limits);
  occupy();
  submit(1);
  submit(1);
  EXPECT_EQ(done_, 0);
  submit(1);
  EXPECT_EQ(done_, 1);
  EXPECT_EQ(failed_, 1);
  EXPECT_THAT(last_error_, HasSubstr("transient/store_full"));
  finish();
  EXPECT_EQ(done_, 4);
  EXPECT_EQ(failed_, 1);
}

TEST_F(WriterTest, HeavyBackgroundWorkKeepsNoMailOut) {
  WriterLimits limits;
  limits.bytes = base::Bytes(100);
  start(limits);
  std::promise<base::Status> heavy, mail;
  writer_->submit(
      nothing(), base::Bytes(1000), [&](base::Status status) { heavy.set_value(status); },
      Urgency::background);
  store_.wait_for_batches(1);
  writer_->submit(
      nothing(), base::Bytes(1000), [](const base::Status&) {}, Urgency::background);
  writer_->submit(nothing(), base::Bytes(60), [&](base::Status status) { mail.set_value(status); });
  store_.open_gate();
  EXPECT_TRUE(mail.get_future().get().ok());
  EXPECT_TRUE(heavy.get_future().get().ok());
}

TEST_F(WriterTest, SaysStoreFullAtOnceWhenTooMuchWaits) {
  WriterLimits limits;
  limits.bytes = base::Bytes(100);
  start(limits);
  occupy();
  submit(60);
  submit(41);
  EXPECT_EQ(failed_, 1);
  submit(40);
  EXPECT_EQ(failed_, 1);
  finish();
  EXPECT_EQ(done_, 4);
}

TEST_F(WriterTest, TakesOneOperationHoweverHeavyWhenNoneWaits) {
  WriterLimits limits;
  limits.bytes = base::Bytes(100);
  start(limits);
  occupy();
  submit(5000);
  finish();
  EXPECT_EQ(failed_, 0);
  EXPECT_EQ(done_, 2);
}

TEST_F(WriterTest, TellsEveryCallerOfAFailedCommit) {
  start({});
  occupy();
  for (int i = 0; i < 4; ++i) submit(1);
  store_.fail_from_now_on();
  finish();
  EXPECT_EQ(done_, 5);
  EXPECT_EQ(failed_, 5);
  EXPECT_THAT(last_error_, HasSubstr("transient/io"));
}

TEST_F(WriterTest, CompletesEverythingBeforeItEnds) {
  store_.open_gate();
  start({});
  for (int i = 0; i < 500; ++i) submit(1);
  writer_.reset();
  EXPECT_EQ(done_, 500);
  EXPECT_EQ(failed_, 0);
}

// The store as the daemon uses it: many sessions write, many readers look on.
class WriterOverLmdb : public StoreTest {};

TEST_F(WriterOverLmdb, ServesReadersWhileManyWrite) {
  constexpr int kWriters = 4, kEach = 50;
  base::Metrics metrics;
  std::optional<Writer> writer(std::in_place, *store_, WriterLimits{}, metrics);
  std::atomic<bool> stop{false};
  std::atomic<int> accepted{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kWriters; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        WrittenBody body = write_body(*store_, bytes_of_size(5'000));
        std::promise<base::Status> committed;
        writer->submit(
            [&](WriteTxn& txn) -> base::Status {
              if (base::Status status = put_all(txn, body.chunks); !status) return status;
              auto id = txn.accept(message_of(body.ref));
              return id.ok() ? base::Status() : base::Status(id.error());
            },
            base::Bytes(5'000),
            [&](base::Status status) { committed.set_value(std::move(status)); });
        if (committed.get_future().get()) ++accepted;
      }
    });
  }
  std::atomic<int> bad{0};
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&] {
      std::uint64_t seen = 0;
      while (!stop) {
        base::Status status = store_->read([&](const ReadTxn& txn) -> base::Status {
          if (txn.message_count() < seen) return base::bug("the store went back in time");
          seen = txn.message_count();
          for (MessageId id : txn.latest_messages({}, 3)) {
            auto message = txn.message(id);
            if (!message) return message.error();
            if (auto chunk = txn.chunk(message->body, 0); !chunk) return chunk.error();
          }
          return {};
        });
        if (!status) ++bad;
      }
    });
  }
  for (int t = 0; t < kWriters; ++t) threads[static_cast<std::size_t>(t)].join();
  stop = true;
  for (std::size_t t = kWriters; t < threads.size(); ++t) threads[t].join();
  writer.reset();
  EXPECT_EQ(accepted, kWriters * kEach);
  EXPECT_EQ(bad, 0);
  EXPECT_EQ(ask([](const ReadTxn& txn) { return txn.message_count(); }),
            static_cast<std::uint64_t>(kWriters * kEach));
  EXPECT_EQ(journal().size(), static_cast<std::size_t>(kWriters * kEach));
}

}  // namespace
}  // namespace beredd::store
