#include "retry.h"

#include <gtest/gtest.h>

namespace beredd::service {
namespace {

using namespace std::chrono_literals;

TEST(Retry, FollowsTheScheduleAndStaysAtItsLastEntry) {
  const std::vector<base::Duration> schedule = {1min, 5min, 30min};
  EXPECT_EQ(wait_after(schedule, 1), 1min);
  EXPECT_EQ(wait_after(schedule, 2), 5min);
  EXPECT_EQ(wait_after(schedule, 3), 30min);
  EXPECT_EQ(wait_after(schedule, 4), 30min);
  EXPECT_EQ(wait_after(schedule, 1000), 30min);
}

TEST(Retry, AnEmptyScheduleIsTheRfcsHalfHour) { EXPECT_EQ(wait_after({}, 1), 30min); }

TEST(Retry, AnAttemptThatWasNotCountedWaitsTheShortestTime) {
  EXPECT_EQ(wait_after({1min, 5min}, 0), 1min);
}

TEST(Retry, ReconnectsSlowerAndSlowerUpToHalfAMinute) {
  EXPECT_EQ(reconnect_after(1), 1s);
  EXPECT_EQ(reconnect_after(2), 2s);
  EXPECT_EQ(reconnect_after(3), 4s);
  EXPECT_EQ(reconnect_after(4), 8s);
  EXPECT_EQ(reconnect_after(5), 30s);
  EXPECT_EQ(reconnect_after(1'000'000), 30s);
}

}  // namespace
}  // namespace beredd::service
