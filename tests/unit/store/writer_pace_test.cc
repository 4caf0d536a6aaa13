#include "writer_pace.h"

#include <gtest/gtest.h>

namespace beredd::store {
namespace {

using namespace std::chrono_literals;

constexpr WriterPace::Point kNow{1h};

TEST(WriterPace, SettlesWhenMailPauses) {
  WriterPace pace;
  pace.accepted(kNow);
  EXPECT_FALSE(pace.settling_due(kNow + 19ms, false, 0.1));
  EXPECT_TRUE(pace.settling_due(kNow + 20ms, false, 0.1));
  EXPECT_EQ(pace.wake_up(false), kNow + 20ms);
}

TEST(WriterPace, SettlesUnderSteadyMailBeforeTheLogIsOld) {
  WriterPace pace;
  for (auto at = kNow; at < kNow + 1s; at += 1ms) {
    EXPECT_FALSE(pace.settling_due(at, true, 0.1));
    pace.accepted(at);
  }
  EXPECT_TRUE(pace.settling_due(kNow + 1s, true, 0.1));
  pace.settled();
  EXPECT_FALSE(pace.settling_due(kNow + 1001ms, true, 0.1));
  EXPECT_FALSE(pace.unsettled());
}

TEST(WriterPace, SettlesBeforeTheLogIsFull) {
  WriterPace pace;
  pace.accepted(kNow);
  EXPECT_FALSE(pace.settling_due(kNow, true, 0.69));
  EXPECT_TRUE(pace.settling_due(kNow, true, 0.7));
}

TEST(WriterPace, WaitsBeforeItTriesAgainToSettle) {
  WriterPace pace;
  pace.accepted(kNow);
  pace.settling_failed(kNow + 2ms);
  EXPECT_FALSE(pace.settling_due(kNow + 100ms, false, 1.0));
  EXPECT_EQ(pace.wake_up(false), kNow + 502ms);
  EXPECT_TRUE(pace.settling_due(kNow + 502ms, false, 1.0));
}

TEST(WriterPace, LetsMailWaitForRoomOnlyWhileSettlingWorks) {
  WriterPace pace;
  EXPECT_TRUE(pace.room_for_mail(0.85));
  EXPECT_FALSE(pace.room_for_mail(0.86));
  pace.settling_failed(kNow);
  EXPECT_TRUE(pace.room_for_mail(0.99))
      << "the sender is told to come back rather than kept waiting";
  pace.settled();
  EXPECT_FALSE(pace.room_for_mail(0.99));
}

TEST(WriterPace, LetsBackgroundWorkRunWhenItIsQuiet) {
  WriterPace pace;
  EXPECT_TRUE(pace.background_due(kNow, false));
  pace.background_ended(kNow, 10ms);
  EXPECT_TRUE(pace.background_due(kNow, false)) << "nobody else wants the writer";
  EXPECT_FALSE(pace.background_due(kNow, true)) << "its share is used up";
  pace.applied(kNow);
  EXPECT_FALSE(pace.background_due(kNow + 19ms, false));
  EXPECT_TRUE(pace.background_due(kNow + 20ms, false));
}

TEST(WriterPace, LetsABurstGoByBeforeBackgroundWork) {
  WriterPace pace;
  for (auto at = kNow; at < kNow + 1s; at += 1ms) {
    pace.accepted(at);
    EXPECT_FALSE(pace.background_due(at, true));
  }
  EXPECT_TRUE(pace.background_due(kNow + 1s, true)) << "no burst: this is how it is";
}

TEST(WriterPace, GivesBackgroundWorkItsShareUnderLastingLoad) {
  WriterPace pace;
  for (auto at = kNow; at < kNow + 1s; at += 1ms) pace.accepted(at);
  pace.background_ended(kNow + 1s, 10ms);
  for (auto at = kNow + 1s; at < kNow + 1070ms; at += 1ms) {
    pace.accepted(at);
    EXPECT_FALSE(pace.background_due(at, true));
  }
  EXPECT_TRUE(pace.background_due(kNow + 1070ms, true));
}

TEST(WriterPace, SleepsUntilItIsWokenWhenNothingWaits) {
  WriterPace pace;
  EXPECT_EQ(pace.wake_up(false), std::nullopt);
  pace.applied(kNow);
  pace.background_ended(kNow, 10ms);
  EXPECT_EQ(pace.wake_up(true), kNow + 20ms);
}

}  // namespace
}  // namespace beredd::store
