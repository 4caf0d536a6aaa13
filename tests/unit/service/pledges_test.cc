#include "beredd/service/pledges.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace beredd::service {
namespace {

using base::mebibytes;

// Has room, and nothing else.
class Room final : public store::Store {
 public:
  explicit Room(base::Bytes room) : room_(room) {}
  base::Status read(const std::function<base::Status(const store::ReadTxn&)>&) const override {
    return base::bug("nothing is read here");
  }
  std::vector<base::Status> apply(std::span<const store::Operation> operations) override {
    return std::vector<base::Status>(operations.size());
  }
  store::BodyWriter new_body() override {
    return {{}, {}, vault::Key(std::array<std::byte, 32>{})};
  }
  std::string_view instance() const override { return "0badcafe"; }
  std::uint64_t next_serial() override { return 1; }
  base::Bytes room() const override { return room_; }

 private:
  base::Bytes room_;
};

TEST(Pledges, RoomIsPledgedOnce) {
  const Room store(mebibytes(20));
  Pledges pledges;
  const auto first = pledges.take(store, mebibytes(5), mebibytes(8), {});
  ASSERT_TRUE(first);
  EXPECT_FALSE(pledges.take(store, mebibytes(5), mebibytes(8), {})) << "5 + 8 + 8 is more than 20";
  EXPECT_TRUE(pledges.take(store, mebibytes(5), mebibytes(7), {}));
}

TEST(Pledges, EndWithTheirTransaction) {
  const Room store(mebibytes(10));
  Pledges pledges;
  { const auto pledge = pledges.take(store, mebibytes(0), mebibytes(10), {}); }
  EXPECT_EQ(pledges.open(), mebibytes(0));
  EXPECT_TRUE(pledges.take(store, mebibytes(0), mebibytes(10), {}));
}

TEST(Pledges, WhatIsOnDiskIsNoLongerPledged) {
  const Room store(mebibytes(10));
  Pledges pledges;
  auto pledge = pledges.take(store, mebibytes(0), mebibytes(10), {});
  ASSERT_TRUE(pledge);
  pledge->used(mebibytes(7));
  EXPECT_EQ(pledges.open(), mebibytes(3));
}

TEST(Pledges, WhoNeedsMoreThanWasAnnouncedIsPledgedMore) {
  const Room store(mebibytes(10));
  Pledges pledges;
  auto pledge = pledges.take(store, mebibytes(0), std::nullopt, {});
  ASSERT_TRUE(pledge);
  EXPECT_EQ(pledges.open(), mebibytes(1)) << "of a mail whose size nobody knows";
  pledge->used(mebibytes(1));
  EXPECT_EQ(pledges.open(), mebibytes(1));
}

TEST(Pledges, ARefusedOneLeavesNothing) {
  const Room store(mebibytes(1));
  Pledges pledges;
  EXPECT_FALSE(pledges.take(store, mebibytes(2), mebibytes(1), {}));
  EXPECT_EQ(pledges.open(), mebibytes(0));
}

TEST(Pledges, ManyAtOnceNeverGetMoreThanThereIs) {
  const Room store(mebibytes(50));
  Pledges pledges;
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::vector<Pledges::Pledge> kept;
  for (int n = 0; n < 8; ++n) {
    threads.emplace_back([&] {
      for (int tries = 0; tries < 20; ++tries) {
        auto pledge = pledges.take(store, mebibytes(10), mebibytes(4), {});
        if (!pledge) continue;
        ++taken;
        const std::lock_guard lock(mutex);
        kept.push_back(*std::move(pledge));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken, 10) << "40 of 50 MiB, 4 each";
}

}  // namespace
}  // namespace beredd::service
