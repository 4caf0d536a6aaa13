#include "calendar.h"

#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

std::string date(std::string_view value) {
  const std::optional<base::Instant> at = parse_date(value);
  return at ? base::rfc3339(*at) : "none";
}

TEST(Date, ByTheRules) {
  EXPECT_EQ(date("Mon, 23 Nov 2026 01:30:26 +0100"), "2026-11-23T00:30:26Z");
  EXPECT_EQ(date("23 Nov 2026 01:30 -0530"), "2026-11-23T07:00:00Z");
  EXPECT_EQ(date("Mon, 23 Nov 2026 01:30:26 GMT"), "2026-11-23T01:30:26Z");
}

TEST(Date, ATrailingCommentIsBorne) {
  EXPECT_EQ(date("Wed,  31 Jul 2002 11:38:04 +0900 (JST)"), "2002-07-31T02:38:04Z");
}

TEST(Date, FormsThatRealSendersUseAreRead) {
  EXPECT_EQ(date("Mon Nov 23 01:30:26 2026"), "2026-11-23T01:30:26Z");
  EXPECT_EQ(date("2026-11-23T01:30:26+01:00"), "2026-11-23T00:30:26Z");
  EXPECT_EQ(date("2026-11-23 01:30:26"), "2026-11-23T01:30:26Z");
  EXPECT_EQ(date("23-Nov-2026 01:30:26 EST"), "2026-11-23T06:30:26Z");
  EXPECT_EQ(date("Monday, November 23, 2026 01:30:26"), "2026-11-23T01:30:26Z");
  EXPECT_EQ(date("Mon, 23 Nov 98 01:30:26 +0000"), "1998-11-23T01:30:26Z");
}

TEST(Date, ALeapSecondIsTheSecondBefore) {
  EXPECT_EQ(date("Sat, 31 Dec 2016 23:59:60 +0000"), "2016-12-31T23:59:59Z");
}

TEST(Date, NoRealDayIsNone) {
  EXPECT_EQ(date("Mon, 31 Feb 2026 01:30:26 +0000"), "none");
  EXPECT_EQ(date("Mon, 23 Nov 2026 25:00:00 +0000"), "none");
  EXPECT_EQ(date("Mon, 23 Nov 1890 01:00:00 +0000"), "none");
  EXPECT_EQ(date("23 Nov 2026"), "none");
  EXPECT_EQ(date("yesterday"), "none");
  EXPECT_EQ(date(""), "none");
  EXPECT_EQ(date("1 2 3 4 5 6 01:02:03"), "none");
  EXPECT_EQ(date("99999999999 Nov 2026 01:00:00"), "none");
}

TEST(InstantOf, RefusesWhatIsOutOfRange) {
  const CalendarTime good{.year = 2026, .month = 11, .day = 23, .hour = 1};
  EXPECT_TRUE(instant_of(good).has_value());
  CalendarTime bad = good;
  bad.month = 13;
  EXPECT_FALSE(instant_of(bad).has_value());
  bad = good;
  bad.zone_minutes = 24 * 60;
  EXPECT_FALSE(instant_of(bad).has_value());
  bad = good;
  bad.minute = -1;
  EXPECT_FALSE(instant_of(bad).has_value());
  bad = good;
  bad.day = -1;
  EXPECT_FALSE(instant_of(bad).has_value());
}

}  // namespace
}  // namespace beredd::mail
