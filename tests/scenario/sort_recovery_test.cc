// Mail that one life of the daemon took and did not read is read by the next.

#include "customer.h"
#include "lives.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::scenario {
namespace {

using testing::StartsWith;

class SortRecovery : public Lives {
 protected:
  SortRecovery() : Lives(11) {}

  // So many mails are taken while nothing can read them.
  void take_unread(int count) {
    house->reader->stop();
    for (int n = 0; n < count; ++n) {
      ASSERT_THAT(send(*house, mail_text(fmt::format("question {}", n))), StartsWith("250 "));
    }
  }
  std::uint64_t tickets() const {
    std::uint64_t count = 0;
    const auto read = house->store->read([&](const store::ReadTxn& txn) -> base::Status {
      count = txn.ticket_count();
      return {};
    });
    EXPECT_TRUE(read.ok());
    return count;
  }
  std::size_t unsorted() const {
    std::size_t count = 0;
    const auto read = house->store->read([&](const store::ReadTxn& txn) -> base::Status {
      count = txn.unsorted({}, 1000).size();
      return {};
    });
    EXPECT_TRUE(read.ok());
    return count;
  }
};

TEST_F(SortRecovery, ABacklogIsSortedOneByOneOnlyAsFarAsTheFormerLifeMayHaveRead) {
  primary.set(Fail::refuse);
  take_unread(150);
  EXPECT_EQ(unsorted(), 150);
  die();
  born();
  const int before = house->store->writes;
  ASSERT_TRUE(world->run_until([&] { return unsorted() == 0; }, 1min));
  EXPECT_EQ(tickets(), 150);
  // 64 of them are marked, read and written one by one; the other 86 need two batches.
  EXPECT_GE(house->store->writes - before, 2 * 64 + 2);
  EXPECT_LE(house->store->writes - before, 2 * 64 + 10);
}

TEST_F(SortRecovery, WhereNothingCanReadNoMailIsBlamed) {
  primary.set(Fail::refuse);
  take_unread(3);
  for (int life = 0; life < 4; ++life) {
    die();
    born();
    house->reader->stop();
    world->run_for(10s);
    EXPECT_EQ(unsorted(), 3);
  }
  die();
  born();
  ASSERT_TRUE(world->run_until([&] { return unsorted() == 0; }, 1min));
  for (const ticket::Ticket& ticket : house->tickets()) {
    EXPECT_THAT(ticket.subject, StartsWith("question "));
  }
}

}  // namespace
}  // namespace beredd::scenario
