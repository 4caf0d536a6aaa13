#include "beredd/io/commit.h"

#include "live.h"

#include <thread>

#include <gtest/gtest.h>

#include "beredd/base/metrics.h"

namespace beredd::io {
namespace {

// Counts transactions; the operations never look at the transaction they are given.
class CountingStore final : public store::Store {
 public:
  base::Status read(const std::function<base::Status(const store::ReadTxn&)>&) const override {
    return base::transient(base::Code::io, "nothing to read");
  }
  std::vector<base::Status> apply(std::span<const store::Operation> operations) override {
    thread = std::this_thread::get_id();
    applied += operations.size();
    std::vector<base::Status> statuses;
    for (std::size_t i = 0; i < operations.size(); ++i) {
      statuses.push_back(full ? base::transient(base::Code::store_full, "the disk is full")
                              : base::Status());
    }
    return statuses;
  }
  store::BodyWriter new_body() override { std::abort(); }
  std::string_view instance() const override { return "00000000"; }
  std::uint64_t next_serial() override { return 1; }
  base::Bytes room() const override { return base::mebibytes(1); }

  bool full = false;
  std::size_t applied = 0;
  std::thread::id thread;
};

store::Operation nothing() {
  return [](store::WriteTxn&) { return base::Status(); };
}

Task<base::Status> commit(Committer& committer, std::thread::id& resumed) {
  store::Operation operation = nothing();
  auto status = co_await committer.commit(std::move(operation), base::Bytes(10));
  resumed = std::this_thread::get_id();
  co_return status;
}

TEST(GroupCommitter, WritesOnTheWritersThreadAndGoesOnInTheCallersLoop) {
  live::Loop loop;
  CountingStore store;
  base::Metrics metrics;
  store::Writer writer(store, {}, metrics);
  const auto committer = group_committer(writer);
  std::thread::id resumed;
  EXPECT_TRUE(loop.run(commit(*committer, resumed)).ok());
  EXPECT_EQ(store.applied, 1u);
  EXPECT_NE(store.thread, std::this_thread::get_id());
  EXPECT_EQ(resumed, std::this_thread::get_id());
}

TEST(GroupCommitter, HandsOnTheStoresFailure) {
  live::Loop loop;
  CountingStore store;
  store.full = true;
  base::Metrics metrics;
  store::Writer writer(store, {}, metrics);
  const auto committer = group_committer(writer);
  std::thread::id resumed;
  const auto status = loop.run(commit(*committer, resumed));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, base::Code::store_full);
}

TEST(GroupCommitter, SaysStoreFullWhenTheQueueTakesNoMore) {
  live::Loop loop;
  CountingStore store;
  base::Metrics metrics;
  store::WriterLimits limits;
  limits.operations = 0;
  store::Writer writer(store, limits, metrics);
  const auto committer = group_committer(writer);
  std::thread::id resumed;
  const auto status = loop.run(commit(*committer, resumed));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, base::Code::store_full);
  EXPECT_EQ(store.applied, 0u);
}

Task<void> count(Committer& committer, int& done) {
  std::thread::id ignored;
  const auto status = co_await commit(committer, ignored);
  if (status.ok()) ++done;
}

TEST(GroupCommitter, CompletesEveryOneOfAThousand) {
  live::Loop loop;
  CountingStore store;
  base::Metrics metrics;
  store::Writer writer(store, {}, metrics);
  const auto committer = group_committer(writer);
  int done = 0;
  for (int i = 0; i < 1000; ++i) loop.start(count(*committer, done));
  loop.run_until([&] { return done == 1000; });
  EXPECT_EQ(store.applied, 1000u);
}

TEST(ImmediateCommitter, WritesInTheCallingThread) {
  live::Loop loop;
  CountingStore store;
  const auto committer = immediate_committer(store);
  std::thread::id resumed;
  EXPECT_TRUE(loop.run(commit(*committer, resumed)).ok());
  EXPECT_EQ(store.thread, std::this_thread::get_id());
}

}  // namespace
}  // namespace beredd::io
