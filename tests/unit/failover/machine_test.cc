#include "beredd/failover/machine.h"

#include "bench_of_machine.h"

#include <gtest/gtest.h>

namespace beredd::failover {
namespace {

using namespace std::chrono_literals;

TEST(Fall, GoesThroughSuspectAndNeedsFailuresInARow) {
  Bench bench;
  const auto suspected = bench.bad();
  ASSERT_TRUE(suspected);
  EXPECT_EQ(suspected->to, Mode::suspect);
  EXPECT_EQ(suspected->why, "failed: http failed once, last: connection refused");
  EXPECT_FALSE(bench.bad());
  const auto fell = bench.bad();
  ASSERT_TRUE(fell);
  EXPECT_EQ(fell->from, Mode::suspect);
  EXPECT_EQ(fell->to, Mode::fallback);
  EXPECT_EQ(fell->at, bench.now);
  EXPECT_EQ(fell->why, "fell: http failed 3 times in a row, last: connection refused");
}

TEST(Dwell, IsOverWhenItBeganUnderAClockThatWasAhead) {
  Bench bench;
  bench.fall();
  bench.rise();
  ASSERT_EQ(bench.mode(), Mode::probation);
  EXPECT_FALSE(bench.machine.dwell_over(bench.now));
  bench.pass(-24h * 365);
  EXPECT_TRUE(bench.machine.dwell_over(bench.now));
}

TEST(Fall, StartsAnewAfterOneSuccess) {
  Bench bench;
  bench.bad_times(2);
  const auto recovered = bench.good();
  ASSERT_TRUE(recovered);
  EXPECT_EQ(recovered->to, Mode::normal);
  EXPECT_EQ(recovered->why, "recovered: http succeeded once, last: HTTP 200");
  bench.bad_times(2);
  EXPECT_EQ(bench.mode(), Mode::suspect);
  ASSERT_TRUE(bench.bad());
  EXPECT_EQ(bench.mode(), Mode::fallback);
}

TEST(Fall, OfOneGoesStraightToFallback) {
  Bench bench({.fall = 1});
  const auto fell = bench.bad();
  ASSERT_TRUE(fell);
  EXPECT_EQ(fell->from, Mode::normal);
  EXPECT_EQ(fell->to, Mode::fallback);
}

TEST(Suspect, LastsUntilNoCheckFails) {
  Bench bench({}, {"http", "smtp"});
  bench.bad("http");
  bench.bad("smtp");
  EXPECT_FALSE(bench.good("http"));
  EXPECT_EQ(bench.mode(), Mode::suspect);
  EXPECT_TRUE(bench.good("smtp"));
  EXPECT_EQ(bench.mode(), Mode::normal);
}

TEST(Normal, IsNotStirredBySuccesses) {
  Bench bench;
  EXPECT_FALSE(bench.good_times(20));
  EXPECT_EQ(bench.machine.standing().since, base::Instant{});
}

TEST(Quorum, WantsThatManyChecksDownAtOnce) {
  Bench bench({.quorum = 2}, {"a", "b", "c"});
  bench.bad_times(10, "a");
  EXPECT_EQ(bench.mode(), Mode::suspect);
  bench.bad_times(2, "b");
  bench.good("b");
  bench.bad_times(2, "b");
  EXPECT_EQ(bench.mode(), Mode::suspect);
  const auto fell = bench.bad("b");
  ASSERT_TRUE(fell);
  EXPECT_EQ(fell->to, Mode::fallback);
  EXPECT_EQ(fell->why, "fell: b failed 3 times in a row, last: connection refused");
}

TEST(Quorum, IsAtMostTheNumberOfActiveChecks) {
  Bench bench({.quorum = 9}, {"a", "b"});
  bench.bad_times(3, "a");
  EXPECT_EQ(bench.mode(), Mode::suspect);
  bench.bad_times(3, "b");
  EXPECT_EQ(bench.mode(), Mode::fallback);
}

TEST(Quorum, RisesAsSoonAsTooFewChecksAreLeftThatAreNotUp) {
  Bench bench({.quorum = 2}, {"a", "b", "c"}, standing_in(Mode::fallback));
  bench.good_times(5, "a");
  EXPECT_EQ(bench.mode(), Mode::fallback);
  bench.bad("c");
  EXPECT_FALSE(bench.good_times(4, "b"));
  EXPECT_TRUE(bench.good("b"));
  EXPECT_EQ(bench.mode(), Mode::probation);
}

TEST(Quorum, KeepsAProbationAliveWhileTooFewChecksFail) {
  Bench bench({.quorum = 2}, {"a", "b", "c"}, standing_in(Mode::fallback));
  bench.good_times(5, "a");
  bench.good_times(5, "b");
  ASSERT_EQ(bench.mode(), Mode::probation);
  EXPECT_FALSE(bench.bad("c")) << "c has never been up: it would fall for ever";
  EXPECT_TRUE(bench.bad("a"));
  EXPECT_EQ(bench.mode(), Mode::fallback);
}

TEST(Rise, NeedsSuccessesInARowSinceTheFall) {
  Bench bench;
  bench.good_times(50);
  bench.fall();
  EXPECT_FALSE(bench.good_times(4));
  bench.bad();
  EXPECT_FALSE(bench.good_times(4));
  const auto rose = bench.good();
  ASSERT_TRUE(rose);
  EXPECT_EQ(rose->from, Mode::fallback);
  EXPECT_EQ(rose->to, Mode::probation);
  EXPECT_EQ(rose->why, "rose: http succeeded 5 times in a row, last: HTTP 200");
}

TEST(Rise, NeedsEveryCheckWhenTheQuorumIsOne) {
  Bench bench({}, {"http", "smtp"}, standing_in(Mode::fallback));
  bench.good_times(30, "http");
  EXPECT_EQ(bench.mode(), Mode::fallback);
  bench.good_times(5, "smtp");
  EXPECT_EQ(bench.mode(), Mode::probation);
}

TEST(Probation, EndsAtTheFirstFailureAndCountsFromZeroAgain) {
  Bench bench;
  bench.fall();
  bench.rise();
  const auto failed = bench.bad();
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->from, Mode::probation);
  EXPECT_EQ(failed->to, Mode::fallback);
  EXPECT_FALSE(bench.good_times(4));
  EXPECT_TRUE(bench.good());
}

TEST(Probation, LastsItsDwellHoweverSoonTheProofComes) {
  Bench bench;
  bench.fall();
  EXPECT_FALSE(bench.machine.dwell_over(bench.now + 24h)) << "no dwell outside of probation";
  bench.rise();
  const base::Instant since = bench.machine.standing().since;
  EXPECT_FALSE(bench.machine.dwell_over(since + 2min - 1us));
  EXPECT_FALSE(bench.machine.on(Event::proven, since + 2min - 1us, "canary seen"));
  EXPECT_TRUE(bench.machine.dwell_over(since + 2min));
  const auto proven = bench.machine.on(Event::proven, since + 2min, "canary seen");
  ASSERT_TRUE(proven);
  EXPECT_EQ(proven->to, Mode::handback);
  EXPECT_EQ(proven->why, "canary seen");
}

TEST(Handback, EndsInNormalWhenDrained) {
  Bench bench;
  bench.fall();
  bench.rise();
  bench.hand_back();
  ASSERT_EQ(bench.mode(), Mode::handback);
  EXPECT_TRUE(bench.machine.on(Event::drained, bench.now, "nothing is left"));
  EXPECT_EQ(bench.mode(), Mode::normal);
}

TEST(Handback, FallsBackWhenACheckFailsOrThePrimaryHurts) {
  for (const bool by_check : {true, false}) {
    Bench bench;
    bench.fall();
    bench.rise();
    bench.hand_back();
    const auto ended = by_check ? bench.bad() : bench.machine.on(Event::hurt, bench.now, "9 lost");
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->from, Mode::handback);
    EXPECT_EQ(ended->to, Mode::fallback);
    EXPECT_EQ(bench.machine.standing().falls.size(), 2U);
  }
}

TEST(Traffic, CanMakeAPrimaryFallWhoseProbesAreGreen) {
  Bench bench;
  bench.bad_traffic();
  bench.good();
  EXPECT_EQ(bench.mode(), Mode::suspect);
  bench.bad_traffic();
  bench.good();
  const auto fell = bench.bad_traffic();
  ASSERT_TRUE(fell);
  EXPECT_EQ(fell->to, Mode::fallback);
  EXPECT_EQ(fell->why, "fell: deliveries failed 3 times in a row, last: connection refused");
}

TEST(Traffic, ClearsItsStreakWithOneSuccess) {
  Bench bench;
  bench.bad_traffic();
  bench.bad_traffic();
  EXPECT_TRUE(bench.good_traffic());
  EXPECT_EQ(bench.mode(), Mode::normal);
  bench.bad_traffic();
  bench.bad_traffic();
  EXPECT_EQ(bench.mode(), Mode::suspect);
}

TEST(Traffic, NeitherKeepsAPrimaryDownNorLiftsIt) {
  Bench bench;
  for (int i = 0; i < 3; ++i) bench.bad_traffic();
  ASSERT_EQ(bench.mode(), Mode::fallback);
  for (int i = 0; i < 9; ++i) EXPECT_FALSE(bench.good_traffic());
  for (int i = 0; i < 9; ++i) EXPECT_FALSE(bench.bad_traffic());
  EXPECT_TRUE(bench.good_times(5));
  EXPECT_EQ(bench.mode(), Mode::probation);
}

TEST(Traffic, LeavesTheVerdictOnAHandbackToTheHandback) {
  Bench bench;
  bench.fall();
  bench.rise();
  for (int i = 0; i < 9; ++i) EXPECT_FALSE(bench.bad_traffic());
  bench.hand_back();
  for (int i = 0; i < 9; ++i) EXPECT_FALSE(bench.bad_traffic());
  EXPECT_EQ(bench.mode(), Mode::handback);
}

TEST(Traffic, ForgetsItsFailuresWhenThePrimaryFalls) {
  Bench bench;
  bench.bad_traffic();
  bench.bad_traffic();
  bench.fall();
  bench.rise();
  bench.hand_back();
  bench.machine.on(Event::drained, bench.now, "");
  bench.bad_traffic();
  EXPECT_EQ(bench.mode(), Mode::suspect) << "two failures from before the fall must not count";
}

TEST(Traffic, WithOldFailuresDoesNotTurnOneBadProbeIntoAFall) {
  Bench bench;
  bench.fall();
  bench.rise();
  bench.hand_back();
  for (int i = 0; i < 5; ++i) bench.bad_traffic();
  bench.machine.on(Event::drained, bench.now, "");
  ASSERT_TRUE(bench.bad());
  EXPECT_EQ(bench.mode(), Mode::suspect);
}

TEST(UnknownCheck, CountsAsOneMoreActiveCheck) {
  Bench bench;
  bench.bad_times(3, "tcp");
  EXPECT_EQ(bench.mode(), Mode::fallback);
  bench.good_times(9, "http");
  EXPECT_EQ(bench.mode(), Mode::fallback) << "tcp is not up yet";
  bench.good_times(5, "tcp");
  EXPECT_EQ(bench.mode(), Mode::probation);
}

TEST(Evidence, IsTheLastLookOfEveryCheckByName) {
  Bench bench({}, {"smtp", "http", "never looked at"});
  EXPECT_TRUE(bench.machine.evidence().empty());
  bench.bad("smtp");
  bench.good("smtp");
  bench.good_traffic();
  const auto moved = bench.bad("http");
  ASSERT_TRUE(moved);
  ASSERT_EQ(moved->evidence.size(), 3U);
  EXPECT_EQ(moved->evidence[0].check, "deliveries");
  EXPECT_TRUE(moved->evidence[0].passive);
  EXPECT_EQ(moved->evidence[1].check, "http");
  EXPECT_FALSE(moved->evidence[1].ok);
  EXPECT_EQ(moved->evidence[1].at, bench.now);
  EXPECT_EQ(moved->evidence[2].check, "smtp");
  EXPECT_TRUE(moved->evidence[2].ok);
}

TEST(Restart, TakesTheStandingUpAndTheStreaksAnew) {
  Bench before;
  before.fall();
  before.good_times(4);
  Bench after({}, {"http"}, before.machine.standing());
  EXPECT_EQ(after.mode(), Mode::fallback);
  EXPECT_EQ(after.machine.standing().falls, before.machine.standing().falls);
  EXPECT_FALSE(after.good_times(4));
  EXPECT_TRUE(after.good());
}

}  // namespace
}  // namespace beredd::failover
