#include "beredd/base/clock.h"

#include <ctime>
#include <vector>

#include <gtest/gtest.h>
#include <stdlib.h>

#include "beredd/base/random.h"

namespace beredd::base {
namespace {

using std::chrono::sys_days;
using std::chrono::year;
using namespace std::chrono_literals;

Instant at(int y, unsigned m, unsigned d, Duration time = {}) {
  return sys_days{year{y} / static_cast<int>(m) / static_cast<int>(d)} + time;
}

TEST(ManualClock, StandsStillUntilTold) {
  ManualClock clock(at(2026, 11, 23));
  EXPECT_EQ(clock.now(), at(2026, 11, 23));
  EXPECT_EQ(clock.now(), at(2026, 11, 23));
  clock.advance(90s);
  EXPECT_EQ(clock.now(), at(2026, 11, 23, 90s));
  clock.set(at(2000, 1, 1));
  EXPECT_EQ(clock.now(), at(2000, 1, 1));
}

TEST(ManualClock, LosesNoAdvanceOfTwoThreads) {
  ManualClock clock(at(2026, 11, 23));
  const auto crank = [&clock] {
    for (int i = 0; i < 10'000; ++i) clock.advance(1us);
  };
  std::thread other(crank);
  crank();
  other.join();
  EXPECT_EQ(clock.now(), at(2026, 11, 23, 20'000us));
}

TEST(SystemClock, AgreesWithTheKernel) {
  const std::time_t before = std::time(nullptr);
  const Instant now = SystemClock().now();
  const std::time_t after = std::time(nullptr);
  EXPECT_GE(micros(now) / 1'000'000, before - 1);
  EXPECT_LE(micros(now) / 1'000'000, after);
}

struct Printed {
  Instant instant;
  std::string_view text;
};

TEST(Rfc3339, PrintsTheFewestDigitsThatLoseNothing) {
  const std::vector<Printed> table = {
      {at(1970, 1, 1), "1970-01-01T00:00:00Z"},
      {at(2026, 11, 23, 1h + 30min + 26s + 500ms), "2026-11-23T01:30:26.5Z"},
      {at(2026, 11, 23, 1us), "2026-11-23T00:00:00.000001Z"},
      {at(2026, 11, 23, 120ms), "2026-11-23T00:00:00.12Z"},
      {at(2024, 2, 29, 23h + 59min + 59s), "2024-02-29T23:59:59Z"},
      {at(2000, 2, 29), "2000-02-29T00:00:00Z"},
      {at(1969, 12, 31, 24h - 1us), "1969-12-31T23:59:59.999999Z"},
      {at(1900, 3, 1), "1900-03-01T00:00:00Z"},
      {at(0, 1, 1), "0000-01-01T00:00:00Z"},
      {at(9999, 12, 31), "9999-12-31T00:00:00Z"},
  };
  for (const Printed& row : table) {
    EXPECT_EQ(rfc3339(row.instant), row.text);
    const Result<Instant> back = parse_rfc3339(row.text);
    ASSERT_TRUE(back.ok()) << row.text;
    EXPECT_EQ(*back, row.instant) << row.text;
  }
}

TEST(Rfc3339, ShowsTimesOutsideFourDigitYearsAsTheNearestOnes) {
  EXPECT_EQ(rfc3339(Instant::min()), "0000-01-01T00:00:00Z");
  EXPECT_EQ(rfc3339(Instant::max()), "9999-12-31T23:59:59.999999Z");
}

TEST(Rfc3339, ReadsOffsetsFractionsAndLeapSeconds) {
  const std::vector<Printed> table = {
      {at(2026, 11, 23, 30min), "2026-11-23T01:30:00+01:00"},
      {at(2026, 11, 22, 23h), "2026-11-23T01:00:00+02:00"},
      {at(2027, 1, 1, 2h + 29min), "2026-12-31T22:59:00-03:30"},
      {at(2026, 11, 23), "2026-11-23T00:00:00-00:00"},
      {at(2026, 11, 23), "2026-11-23t00:00:00z"},
      {at(2026, 11, 23), "2026-11-23 00:00:00Z"},
      {at(2026, 11, 23, 123'456us), "2026-11-23T00:00:00.123456789Z"},
      {at(2026, 11, 23, 900ms), "2026-11-23T00:00:00.9Z"},
      {at(2017, 1, 1), "2016-12-31T23:59:60Z"},
      {at(2017, 1, 1, 250ms), "2017-01-01T00:59:60.25+01:00"},
  };
  for (const Printed& row : table) {
    const Result<Instant> read = parse_rfc3339(row.text);
    ASSERT_TRUE(read.ok()) << row.text;
    EXPECT_EQ(*read, row.instant) << row.text;
  }
}

TEST(Rfc3339, RefusesWhatIsNoTime) {
  for (const std::string_view text : {"",
                                      "2026",
                                      "2026-11-23",
                                      "2026-11-23T01:30:26",
                                      "2026-11-23T01:30Z",
                                      "2026-02-29T00:00:00Z",
                                      "1900-02-29T00:00:00Z",
                                      "2026-13-01T00:00:00Z",
                                      "2026-00-01T00:00:00Z",
                                      "2026-04-31T00:00:00Z",
                                      "2026-11-00T00:00:00Z",
                                      "2026-11-23T24:00:00Z",
                                      "2026-11-23T00:60:00Z",
                                      "2026-11-23T00:00:61Z",
                                      "2026-11-23T12:00:60Z",
                                      "2026-11-23T00:00:00.Z",
                                      "2026-11-23T00:00:00.1234567890Z",
                                      "2026-11-23T00:00:00+24:00",
                                      "2026-11-23T00:00:00+01:60",
                                      "2026-11-23T00:00:00+0100",
                                      "2026-11-23T00:00:00Z ",
                                      " 2026-11-23T00:00:00Z",
                                      "2026/11/23T00:00:00Z",
                                      "+026-11-23T00:00:00Z",
                                      "2026-11-23T-1:00:00Z"}) {
    const Result<Instant> read = parse_rfc3339(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().fault, Fault::permanent);
    EXPECT_EQ(read.error().code, Code::invalid);
    EXPECT_NE(read.error().detail.find(text), std::string::npos);
  }
}

TEST(Rfc3339, ReadsBackWhatItPrinted) {
  SeededRandom random(20261123);
  const auto span = static_cast<std::uint64_t>(micros(at(9999, 12, 31)) - micros(at(0, 1, 1)));
  for (int i = 0; i < 5'000; ++i) {
    const Instant instant = at(0, 1, 1) + Duration(static_cast<std::int64_t>(random.below(span)));
    const Result<Instant> back = parse_rfc3339(rfc3339(instant));
    ASSERT_TRUE(back.ok()) << rfc3339(instant);
    EXPECT_EQ(*back, instant);
  }
}

TEST(Rfc5322, WritesTheDateOfAMail) {
  EXPECT_EQ(rfc5322(at(2026, 11, 23, 1h + 30min + 26s)), "Mon, 23 Nov 2026 01:30:26 +0000");
  EXPECT_EQ(rfc5322(at(2024, 2, 29, 999ms)), "Thu, 29 Feb 2024 00:00:00 +0000");
  EXPECT_EQ(rfc5322(at(1970, 1, 4)), "Sun, 04 Jan 1970 00:00:00 +0000");
  EXPECT_EQ(rfc5322(at(1969, 12, 31, 24h - 1us)), "Wed, 31 Dec 1969 23:59:59 +0000");
}

TEST(LocalTime, FollowsTheZoneOfTheProcess) {
  setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
  tzset();
  EXPECT_EQ(local_time(at(2026, 11, 23, 1h + 30min + 26s)), "2026-11-23 02:30:26");
  EXPECT_EQ(local_time(at(2026, 7, 1, 23h)), "2026-07-02 01:00:00");
  EXPECT_EQ(local_time(at(1970, 1, 1, -1us)), "1970-01-01 00:59:59");
  unsetenv("TZ");
  tzset();
}

TEST(Micros, AreTheStoredFormOfAnInstant) {
  EXPECT_EQ(micros(at(1970, 1, 1, 1s)), 1'000'000);
  EXPECT_EQ(from_micros(-1), at(1970, 1, 1, -1us));
}

}  // namespace
}  // namespace beredd::base
