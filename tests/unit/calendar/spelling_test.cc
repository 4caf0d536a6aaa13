#include <gtest/gtest.h>

#include "beredd/calendar/hours.h"

namespace beredd::calendar {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

std::string weekdays(std::string_view text) {
  const auto weekly = parse_weekly(text);
  if (!weekly) return weekly.error().detail;
  std::string letters;
  for (std::size_t n = 0; n < 7; ++n) letters += weekly->on[n] ? "MTWTFSS"[n] : '.';
  return letters;
}

TEST(WeeklyHours, NameTheirDays) {
  EXPECT_EQ(weekdays("mon-fri 08:00-17:00"), "MTWTF..");
  EXPECT_EQ(weekdays("sat,sun 08:00-17:00"), ".....SS");
  EXPECT_EQ(weekdays("fri-mon 08:00-17:00"), "M...FSS");
  EXPECT_EQ(weekdays("Mon, Wed-Thu 08:00-17:00"), "M.WT...");
  EXPECT_EQ(weekdays("sun 00:00-24:00"), "......S");
  EXPECT_EQ(weekdays("mon-sun 00:00-24:00"), "MTWTFSS");
  EXPECT_EQ(weekdays("sun-sun 00:00-24:00"), "......S");
}

TEST(WeeklyHours, MayEndOnTheNextDay) {
  EXPECT_EQ(parse_weekly("mon 22:00-06:00")->span, (Span{hours(22), hours(30)}));
  EXPECT_EQ(parse_weekly("mon 08:30-17:15")->span,
            (Span{hours(8) + minutes(30), hours(17) + minutes(15)}));
  EXPECT_EQ(parse_weekly("mon 00:00-24:00")->span, (Span{hours(0), hours(24)}));
  EXPECT_EQ(parse_weekly("mon 12:00-00:00")->span, (Span{hours(12), hours(24)}));
}

TEST(WeeklyHours, AreRefusedWithAnExample) {
  for (const std::string_view text :
       {"", "mon", "mon-fri", "08:00-17:00", "mon-fri 8:00-17:00", "mon-fri 08:00",
        "mon 08:00-08:00", "mon 24:00-08:00", "mon 08:60-09:00", "mon 08:00-25:00",
        "maandag 08:00-17:00", "mon- 08:00-17:00", ",mon 08:00-17:00", "mon 08:00-17:00x",
        "mon 0a:00-17:00"}) {
    EXPECT_EQ(weekdays(text),
              "expected hours such as \"mon-fri 08:00-17:00\", got \"" + std::string(text) + "\"");
  }
}

TEST(Days, AreOneOrManyOrEveryYears) {
  const Day sixth = std::chrono::local_days(std::chrono::year(2026) / 7 / 6);
  EXPECT_TRUE(parse_days("2026-07-06")->holds(sixth));
  EXPECT_FALSE(parse_days("2026-07-06")->holds(sixth + std::chrono::days(1)));
  const auto week = *parse_days("2026-07-06..2026-07-10");
  EXPECT_TRUE(week.holds(sixth));
  EXPECT_TRUE(week.holds(sixth + std::chrono::days(4)));
  EXPECT_FALSE(week.holds(sixth + std::chrono::days(5)));
  EXPECT_FALSE(week.holds(sixth - std::chrono::days(1)));
  EXPECT_TRUE(parse_days("07-06")->holds(sixth));
  EXPECT_TRUE(parse_days("07-06")->holds(Day(std::chrono::year(2031) / 7 / 6)));
  EXPECT_TRUE(parse_days("02-29"));
}

TEST(Days, ThatNeverAreAreRefused) {
  for (const std::string_view text :
       {"", "2026-02-29", "2026-13-01", "13-01", "02-30", "2026-7-6", "2026-07-06..",
        "..2026-07-06", "2026-07-10..2026-07-06", "2026-07-06..07-10", "today", "2026/07/06"}) {
    const auto days = parse_days(text);
    ASSERT_FALSE(days) << text;
    EXPECT_EQ(days.error().detail,
              "expected a day such as \"2026-07-06\", \"2026-07-06..2026-07-10\" or \"12-27\", "
              "got \"" +
                  std::string(text) + "\"");
  }
}

TEST(SpecialHours, AreADayAndItsHours) {
  const auto special = parse_special("2026-12-24 09:00-12:00");
  ASSERT_TRUE(special);
  EXPECT_EQ(special->day, Day(std::chrono::year(2026) / 12 / 24));
  EXPECT_EQ(special->span, (Span{hours(9), hours(12)}));
  for (const std::string_view text : {"", "2026-12-24", "12-24 09:00-12:00", "2026-12-24 09:00",
                                      "2026-12-24..2026-12-25 09:00-12:00"}) {
    EXPECT_FALSE(parse_special(text)) << text;
  }
}

TEST(Zones, AreThoseOfTheSystem) {
  EXPECT_EQ(Zone::named("Europe/Stockholm")->name(), "Europe/Stockholm");
  const auto none = Zone::named("Europe/Göteborg");
  ASSERT_FALSE(none);
  EXPECT_TRUE(none.error().detail.starts_with("no time zone is called \"Europe/Göteborg\""));
  EXPECT_FALSE(Zone::named(""));
}

// A database that was compiled "slim" has no table of changes to come; the library would then know
// no summer time from some year on.
TEST(Zones, KnowTheSummersToCome) {
  const Zone stockholm = *Zone::named("Europe/Stockholm");
  for (int year = 2024; year <= 2036; ++year) {
    const WallTime noon = WallTime(Day(std::chrono::year(year) / 7 / 1)) + hours(12);
    EXPECT_EQ(stockholm.instant(noon, Twice::first).time_since_epoch(),
              noon.time_since_epoch() - hours(2))
        << year;
  }
}

}  // namespace
}  // namespace beredd::calendar
