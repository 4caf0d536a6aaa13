// The daily budget of falls, and the operator's pin, which stands above it.
#include "bench_of_machine.h"

#include <gtest/gtest.h>

#include "beredd/failover/machine.h"

namespace beredd::failover {
namespace {

using namespace std::chrono_literals;

// Falls as often as the budget allows, an hour from one fall to the next.
Bench spent(int budget = 3) {
  Bench bench({.daily_budget = budget});
  bench.fall();
  for (int i = 1; i < budget; ++i) {
    bench.rise();
    bench.pass(1h);
    bench.bad();
  }
  return bench;
}

TEST(Budget, FreezesTheFallbackWhenItIsSpent) {
  Bench bench = spent();
  EXPECT_EQ(bench.machine.standing().falls.size(), 3U);
  EXPECT_TRUE(bench.machine.frozen(bench.now));
  EXPECT_FALSE(bench.good_times(500));
  EXPECT_FALSE(bench.machine.on(Event::rose, bench.now, "the caller insists"));
  EXPECT_EQ(bench.mode(), Mode::fallback);
}

TEST(Budget, IsNotSpentByFallsOfAClockThatWasAhead) {
  Bench bench = spent();
  bench.pass(-24h * 30);
  EXPECT_FALSE(bench.machine.frozen(bench.now));
  EXPECT_TRUE(bench.good_times(5));
}

TEST(Budget, LeavesOneFallFewerUnfrozen) {
  Bench bench = spent(2);
  EXPECT_TRUE(bench.machine.frozen(bench.now));
  Bench other({.daily_budget = 3}, {"http"}, bench.machine.standing());
  EXPECT_FALSE(other.machine.frozen(bench.now));
  EXPECT_TRUE(other.good_times(5));
}

TEST(Budget, ComesBackADayAfterTheFirstFall) {
  Bench bench = spent();
  const base::Instant first = bench.machine.standing().falls.front();
  EXPECT_TRUE(bench.machine.frozen(first + 24h - 1us));
  EXPECT_FALSE(bench.machine.frozen(first + 24h));
  bench.good_times(5);
  bench.now = first + 24h - 10s;
  const auto rose = bench.good();
  ASSERT_TRUE(rose);
  EXPECT_EQ(rose->to, Mode::probation);
  EXPECT_EQ(bench.machine.standing().falls.size(), 2U) << "the first one has dropped out";
}

TEST(Budget, IsNotSpentByFallsOfYesterday) {
  Bench bench({.daily_budget = 2});
  for (int day = 0; day < 5; ++day) {
    bench.fall();
    bench.rise();
    bench.hand_back();
    bench.machine.on(Event::drained, bench.now, "");
    ASSERT_EQ(bench.mode(), Mode::normal) << "day " << day;
    bench.pass(25h);
  }
  EXPECT_LE(bench.machine.standing().falls.size(), 1U);
}

TEST(Budget, OfNothingFreezesAtTheFirstFall) {
  Bench bench({.daily_budget = 0});
  EXPECT_FALSE(bench.machine.frozen(bench.now)) << "normal is never frozen";
  bench.fall();
  EXPECT_TRUE(bench.machine.frozen(bench.now));
}

TEST(Budget, IsForgivenWhenAPersonHasLooked) {
  Bench bench = spent();
  bench.good_times(50);
  bench.machine.release(bench.now);
  EXPECT_FALSE(bench.machine.frozen(bench.now));
  EXPECT_TRUE(bench.machine.standing().falls.empty());
  EXPECT_EQ(bench.mode(), Mode::fallback);
  EXPECT_FALSE(bench.good_times(4)) << "the streaks start at zero";
  EXPECT_TRUE(bench.good());
}

TEST(Pin, HoldsAModeAgainstEverything) {
  Bench bench;
  const auto forced = bench.machine.force(Mode::fallback, bench.now, "forced by ada");
  ASSERT_TRUE(forced);
  EXPECT_EQ(forced->from, Mode::normal);
  EXPECT_EQ(forced->to, Mode::fallback);
  EXPECT_EQ(forced->why, "forced by ada");
  EXPECT_TRUE(bench.machine.standing().pinned);
  EXPECT_FALSE(bench.good_times(50));
  EXPECT_FALSE(bench.machine.on(Event::rose, bench.now, ""));
  EXPECT_EQ(bench.mode(), Mode::fallback);
}

TEST(Pin, KeepsAFailingPrimaryInNormal) {
  Bench bench;
  EXPECT_FALSE(bench.machine.force(Mode::normal, bench.now, "")) << "it is normal already";
  EXPECT_TRUE(bench.machine.standing().pinned);
  EXPECT_FALSE(bench.bad_times(50));
  EXPECT_EQ(bench.mode(), Mode::normal);
  EXPECT_FALSE(bench.machine.evidence().front().ok) << "it takes everything in";
}

TEST(Pin, LeadsOutOfAFrozenFallbackAndIsNotFrozenItself) {
  Bench bench = spent();
  EXPECT_TRUE(bench.machine.force(Mode::normal, bench.now, ""));
  EXPECT_EQ(bench.mode(), Mode::normal);
  EXPECT_TRUE(bench.machine.force(Mode::fallback, bench.now, ""));
  EXPECT_FALSE(bench.machine.frozen(bench.now)) << "a person holds it, not the budget";
}

TEST(Release, GivesTheModeBackToTheChecksWithStreaksAtZero) {
  Bench bench;
  bench.machine.force(Mode::normal, bench.now, "");
  bench.bad_times(50);
  bench.machine.release(bench.now);
  EXPECT_FALSE(bench.machine.standing().pinned);
  EXPECT_TRUE(bench.bad());
  EXPECT_EQ(bench.mode(), Mode::suspect) << "fifty failures under the pin do not count";
  bench.bad_times(2);
  EXPECT_EQ(bench.mode(), Mode::fallback);
}

TEST(Pin, SurvivesARestart) {
  Bench before;
  before.machine.force(Mode::fallback, before.now, "");
  Bench after({}, {"http"}, before.machine.standing());
  EXPECT_FALSE(after.good_times(50));
}

}  // namespace
}  // namespace beredd::failover
