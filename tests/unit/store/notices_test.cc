// Who was told, and when: known for as long as it matters, and by no address.

#include "store_fixture.h"

namespace beredd::store {
namespace {

class NoticesTest : public StoreTest {
 protected:
  void tell(const std::string& sender, base::Instant at, const std::string& desk = "support") {
    must([&](WriteTxn& txn) { return txn.put_notice(desk, sender, at); });
  }
  bool forget(base::Instant before, base::Instant now, std::size_t limit = 100) {
    bool more = false;
    must([&](WriteTxn& txn) -> base::Status {
      const auto forgotten = txn.forget_notices(before, now, limit);
      if (!forgotten) return forgotten.error();
      more = *forgotten;
      return {};
    });
    return more;
  }
  std::optional<base::Instant> last(const std::string& sender) {
    return ask([&](const ReadTxn& txn) -> base::Result<std::optional<base::Instant>> {
             return txn.last_notice(sender);
           })
        .value_or(std::nullopt);
  }
  std::uint64_t since(base::Instant at, const std::string& desk = "support",
                      std::uint64_t most = 100) {
    return ask([&](const ReadTxn& txn) -> base::Result<std::uint64_t> {
             return txn.notices_since(desk, at, most);
           })
        .value_or(999);
  }
};

TEST_F(NoticesTest, ASenderIsKnownAfterARestart) {
  tell("anna@customer.example", kStart);
  reopen();
  EXPECT_EQ(last("anna@customer.example"), kStart);
  EXPECT_EQ(last("bo@customer.example"), std::nullopt);
}

TEST_F(NoticesTest, TheLastTimeCounts) {
  tell("anna@customer.example", kStart);
  tell("anna@customer.example", kStart + 1h);
  EXPECT_EQ(last("anna@customer.example"), kStart + 1h);
  EXPECT_EQ(since(kStart - 1h), 1U) << "one sender is one row";
}

TEST_F(NoticesTest, AreCountedByDeskAndUpToWhatMatters) {
  for (int n = 0; n < 5; ++n) {
    tell("c" + std::to_string(n), kStart + n * 10min, n < 3 ? "support" : "sales");
  }
  EXPECT_EQ(since(kStart - 1h), 3U);
  EXPECT_EQ(since(kStart), 2U) << "what was then is not since then";
  EXPECT_EQ(since(kStart - 1h, "sales"), 2U);
  EXPECT_EQ(since(kStart - 1h, "support", 2), 2U);
}

TEST_F(NoticesTest, AreForgottenWhenTheirTimeIsOver) {
  for (int n = 0; n < 5; ++n) tell("c" + std::to_string(n), kStart + n * 1h);
  EXPECT_TRUE(forget(kStart + 3h, kStart + 24h, 2));
  EXPECT_FALSE(forget(kStart + 3h, kStart + 24h));
  EXPECT_EQ(last("c0"), std::nullopt);
  EXPECT_EQ(last("c2"), std::nullopt);
  EXPECT_EQ(last("c3"), kStart + 3h);
  EXPECT_EQ(since(kStart - 1h), 2U);
}

TEST_F(NoticesTest, WhatAClockThatWasAheadWroteIsOfNow) {
  tell("anna", kStart + 1000h);
  EXPECT_FALSE(forget(kStart - 168h, kStart));
  EXPECT_EQ(last("anna"), kStart);
  EXPECT_EQ(since(kStart - 1h), 1U);
}

}  // namespace
}  // namespace beredd::store
