// The wall clock jumps. Nothing stalls until it would have come round again, nothing storms.

#include "customer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::scenario {
namespace {

using failover::Mode;
using testing::StartsWith;

class ClockJumps : public testing::Test {
 protected:
  ~ClockJumps() override { primary.leave(); }  // before its world ends

  bool wait_for(Mode mode) {
    return world.run_until([&] { return house.mode() == mode; }, 30min);
  }

  static constexpr base::Duration kYear = std::chrono::hours(24 * 365);
  Folder folder;
  SimulatedPrimary primary;
  simulation::World world{31};
  House house{world, folder, outage_config(), primary};
};

TEST_F(ClockJumps, MailThatWasPutOffByAClockAheadIsTriedWhenItIsSetRight) {
  house.wall.shift = kYear;
  primary.set(Fail::tempfail);
  EXPECT_THAT(send(house, mail_text("ahead")), StartsWith("250 "));
  world.run_for(5s);
  ASSERT_TRUE(primary.kept.empty());
  primary.set(Fail::none);
  house.wall.shift = {};
  world.run_for(2min);
  EXPECT_EQ(primary.kept.size(), 1U) << "not in a year";
}

TEST_F(ClockJumps, AConnectionThatFailedUnderAClockAheadIsTriedAgain) {
  house.wall.shift = kYear;
  primary.set(Fail::refuse);
  EXPECT_THAT(send(house, mail_text("one")), StartsWith("250 "));
  world.run_for(3s);
  house.wall.shift = {};
  primary.set(Fail::none);
  ASSERT_TRUE(world.run_until([&] { return primary.kept.size() == 1; }, 30min));
}

TEST_F(ClockJumps, AnOutageThatBeganAheadEndsAllTheSame) {
  house.wall.shift = kYear;
  primary.set(Fail::refuse);
  ASSERT_TRUE(wait_for(Mode::fallback));
  EXPECT_THAT(send(house, mail_text("held")), StartsWith("250 "));
  primary.set(Fail::none);
  ASSERT_TRUE(wait_for(Mode::probation));
  house.wall.shift = -std::chrono::hours(1);
  EXPECT_TRUE(wait_for(Mode::normal)) << "the dwell is not a year";
  EXPECT_EQ(primary.kept.size(), 1U);
}

TEST_F(ClockJumps, AJumpForwardHandsNothingOverTwice) {
  primary.set(Fail::tempfail);
  for (int n = 0; n < 5; ++n) {
    EXPECT_THAT(send(house, mail_text(fmt::format("mail {}", n))), StartsWith("250 "));
  }
  world.run_for(5s);
  primary.set(Fail::none);
  house.wall.shift = kYear;
  world.run_for(30min);
  house.wall.shift = -kYear;
  world.run_for(30min);
  EXPECT_EQ(primary.kept.size(), 5U);
  EXPECT_EQ(house.counts().waiting(), 0U);
}

TEST_F(ClockJumps, TheBudgetOfFallsIsNotSpentByFallsInTheFuture) {
  house.wall.shift = kYear;
  for (int n = 0; n < 12; ++n) {
    primary.set(Fail::refuse);
    ASSERT_TRUE(wait_for(Mode::fallback)) << n;
    primary.set(Fail::none);
    if (n == 11) break;
    ASSERT_TRUE(wait_for(Mode::normal)) << n;
  }
  EXPECT_TRUE(house.modes->standing("helpdesk").frozen);
  house.wall.shift = {};
  EXPECT_TRUE(wait_for(Mode::normal));
}

}  // namespace
}  // namespace beredd::scenario
