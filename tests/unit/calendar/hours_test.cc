#include "beredd/calendar/hours.h"

#include "office.h"

#include <random>

#include <fmt/format.h>

namespace beredd::calendar {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct Sum {
  std::string from;
  std::string open;  // "4h"
  std::string reaches;
};

void check(const Office& office, std::initializer_list<Sum> table) {
  const Hours open = hours_of(office);
  for (const Sum& row : table) {
    const auto reached = open.add(at(row.from, office.zone), *base::parse_duration(row.open));
    ASSERT_TRUE(reached) << row.from << " + " << row.open;
    EXPECT_EQ(base::rfc3339(*reached), base::rfc3339(at(row.reaches, office.zone)))
        << row.from << " + " << row.open;
    EXPECT_EQ(base::to_string(open.between(at(row.from, office.zone), *reached)),
              base::to_string(*base::parse_duration(row.open)))
        << "between " << row.from << " and " << row.reaches;
  }
}

TEST(BusinessHours, CountWithinADayAndOverNightsAndWeekends) {
  check({}, {
                {"2026-11-23 08:00", "1h", "2026-11-23 09:00"},
                {"2026-11-23 08:00", "9h", "2026-11-23 17:00"},
                {"2026-11-23 08:00", "9h1s", "2026-11-24 08:00:01"},
                {"2026-11-23 07:59:59", "1h", "2026-11-23 09:00"},
                {"2026-11-23 00:00", "1h", "2026-11-23 09:00"},
                {"2026-11-23 16:30", "1h", "2026-11-24 08:30"},
                {"2026-11-23 17:00", "1h", "2026-11-24 09:00"},
                {"2026-11-23 23:59", "1h", "2026-11-24 09:00"},
                {"2026-11-27 16:00", "2h", "2026-11-30 09:00"},  // Friday
                {"2026-11-28 12:00", "2h", "2026-11-30 10:00"},  // Saturday
                {"2026-11-29 23:00", "2h", "2026-11-30 10:00"},  // Sunday
                {"2026-11-23 08:00", "45h", "2026-11-27 17:00"},
                {"2026-11-23 08:00", "46h", "2026-11-30 09:00"},
                {"2026-11-23 12:00", "90h", "2026-12-07 12:00"},
                {"2026-12-31 16:00", "2h", "2027-01-01 09:00"},
            });
}

TEST(BusinessHours, OfALunchBreakAreTwoOpenings) {
  check({.week = {"mon-fri 08:00-12:00", "mon-fri 13:00-17:00"}},
        {
            {"2026-11-23 11:30", "1h", "2026-11-23 13:30"},
            {"2026-11-23 12:00", "1h", "2026-11-23 14:00"},
            {"2026-11-23 12:30", "30m", "2026-11-23 13:30"},
            {"2026-11-23 08:00", "4h", "2026-11-23 12:00"},
            {"2026-11-23 08:00", "8h", "2026-11-23 17:00"},
            {"2026-11-23 16:59", "2m", "2026-11-24 08:01"},
        });
}

TEST(BusinessHours, MayOverlapAndAreCountedOnce) {
  check({.week = {"mon-fri 08:00-17:00", "mon 16:00-20:00", "tue 09:00-10:00"}},
        {
            {"2026-11-23 15:00", "4h", "2026-11-23 19:00"},
            {"2026-11-24 08:00", "3h", "2026-11-24 11:00"},
        });
}

TEST(BusinessHours, BelongToTheDayTheyBeginOn) {
  check({.week = {"mon-fri 22:00-06:00"}, .closed = {"2026-11-25"}},
        {
            {"2026-11-23 23:00", "2h", "2026-11-24 01:00"},
            {"2026-11-24 05:00", "2h", "2026-11-24 23:00"},
            {"2026-11-25 05:00", "1h", "2026-11-25 06:00"},  // of Tuesday, and so still open
            {"2026-11-25 05:00", "2h", "2026-11-26 23:00"},  // Wednesday's hours are off
            {"2026-11-28 05:59", "2m", "2026-11-30 22:01"},  // Friday's end on Saturday
            {"2026-11-29 23:00", "1h", "2026-11-30 23:00"},  // none begin on Sunday
            {"2026-11-30 01:00", "1h", "2026-11-30 23:00"},
        });
}

TEST(BusinessHours, OfTwentyFourHoursADayNeverPause) {
  check({.week = {"mon-sun 00:00-24:00"}},
        {
            {"2026-11-23 08:00", "30d", "2026-12-23 08:00"},
            {"2026-11-23 23:59", "2m", "2026-11-24 00:01"},
            {"2026-03-28 12:00", "24h", "2026-03-29 13:00"},  // clocks go forward
            {"2026-10-24 12:00", "24h", "2026-10-25 11:00"},  // and back
            {"2026-03-29 01:59:59", "1s", "2026-03-29 03:00"},
            {"2026-10-25 00:30", "3h", "2026-10-25 02:30+01:00"},
        });
}

TEST(BusinessHours, LoseAnHourWhenClocksGoForward) {
  // 02:00 becomes 03:00 on 29 March 2026.
  check({.week = {"mon-sun 00:00-06:00"}}, {
                                               {"2026-03-29 00:00", "5h", "2026-03-29 06:00"},
                                               {"2026-03-29 00:00", "6h", "2026-03-30 01:00"},
                                               {"2026-03-28 00:00", "12h", "2026-03-30 01:00"},
                                           });
  // Begin in the hour that never comes; end in it; lie in it.
  check({.week = {"mon-sun 02:30-04:00"}}, {{"2026-03-29 00:00", "1h", "2026-03-29 04:00"},
                                            {"2026-03-28 12:00", "61m", "2026-03-30 02:31"}});
  check({.week = {"mon-sun 01:00-02:30"}}, {{"2026-03-29 00:00", "1h", "2026-03-29 03:00"},
                                            {"2026-03-29 00:00", "61m", "2026-03-30 01:01"}});
  check({.week = {"mon-sun 02:15-02:45"}}, {{"2026-03-29 00:00", "30m", "2026-03-30 02:45"},
                                            {"2026-03-28 02:45", "1m", "2026-03-30 02:16"}});
}

TEST(BusinessHours, GainAnHourWhenClocksGoBack) {
  // 03:00 becomes 02:00 on 25 October 2026.
  check({.week = {"mon-sun 00:00-06:00"}}, {
                                               {"2026-10-25 00:00", "7h", "2026-10-25 06:00"},
                                               {"2026-10-25 00:00", "3h", "2026-10-25 02:00+01:00"},
                                               {"2026-10-25 00:00", "8h", "2026-10-26 01:00"},
                                           });
  // Begin the first time, end the second.
  check({.week = {"mon-sun 02:30-04:00"}}, {{"2026-10-25 00:00", "150m", "2026-10-25 04:00"},
                                            {"2026-10-25 00:00", "30m", "2026-10-25 02:00+01:00"}});
  check({.week = {"mon-sun 01:00-02:30"}},
        {{"2026-10-25 00:00", "150m", "2026-10-25 02:30+01:00"}});
  check({.week = {"sat 22:00-02:30", "sun 02:30-08:00"}},
        {{"2026-10-24 22:00", "11h", "2026-10-25 08:00"}});
}

TEST(BusinessHours, AreThoseOfTheirOwnZone) {
  check({.zone = "Europe/Helsinki"}, {{"2026-11-23 16:00", "2h", "2026-11-24 09:00"}});
  // Noon in Stockholm is one o'clock in Helsinki.
  const Hours helsinki = hours_of({.zone = "Europe/Helsinki"});
  EXPECT_EQ(helsinki.add(at("2026-11-23 12:00"), hours(4)), at("2026-11-23 16:00"));
  EXPECT_EQ(helsinki.add(at("2026-11-23 07:00"), hours(1)), at("2026-11-23 08:00"));
  // A zone half an hour off, and one that turns its clocks by half an hour.
  check({.zone = "Asia/Kolkata"}, {{"2026-11-23 16:30", "1h", "2026-11-24 08:30"}});
  check({.zone = "Australia/Lord_Howe", .week = {"mon-sun 00:00-24:00"}},
        {{"2026-10-03 12:00", "24h", "2026-10-04 12:30"},
         {"2026-04-04 12:00", "24h", "2026-04-05 11:30"}});
  // Midnight itself does not exist there on that day.
  check({.zone = "America/Santiago", .week = {"mon-sun 00:00-24:00"}},
        {{"2026-09-05 12:00", "24h", "2026-09-06 13:00"}});
}

TEST(BusinessHours, PassOverHolidaysAndEves) {
  check({.holidays = {Country::sweden}},
        {
            {"2026-06-18 16:00", "2h", "2026-06-22 09:00"},  // midsummer
            {"2026-12-23 16:00", "2h", "2026-12-28 09:00"},  // Christmas, 26th a Saturday
            {"2026-12-30 16:00", "2h", "2027-01-04 09:00"},  // New Year, and its eve
            {"2026-01-05 16:00", "2h", "2026-01-07 09:00"},  // Epiphany
            {"2026-04-02 16:00", "2h", "2026-04-07 09:00"},  // Easter
            {"2026-05-13 16:00", "2h", "2026-05-15 09:00"},  // Ascension
            {"2024-06-05 16:00", "2h", "2024-06-07 09:00"},  // the national day
        });
  check({.holidays = {Country::sweden}, .eves_closed = false},
        {{"2026-06-18 16:00", "2h", "2026-06-19 09:00"},
         {"2026-12-23 16:00", "2h", "2026-12-24 09:00"}});
  check({.zone = "Europe/Oslo", .holidays = {Country::norway}},
        {{"2026-04-01 16:00", "2h", "2026-04-07 09:00"},
         {"2026-05-22 16:00", "2h", "2026-05-26 09:00"},
         {"2027-05-14 16:00", "2h", "2027-05-18 09:00"}});
  check({.zone = "Europe/Helsinki", .holidays = {Country::finland}},
        {{"2028-12-05 16:00", "2h", "2028-12-07 09:00"},
         {"2026-12-30 16:00", "10h", "2026-12-31 17:00"},  // no eve there
         {"2026-06-18 16:00", "2h", "2026-06-22 09:00"}});
  check({.holidays = {Country::sweden, Country::norway}},
        {{"2027-05-14 16:00", "2h", "2027-05-18 09:00"}});
}

TEST(BusinessHours, PassOverOwnClosures) {
  check({.closed = {"2026-07-06..2026-07-10", "12-27", "2026-08-03"}},
        {{"2026-07-03 16:00", "2h", "2026-07-13 09:00"},
         {"2026-08-01 00:00", "2h", "2026-08-04 10:00"},
         {"2027-12-26 16:00", "2h", "2027-12-28 10:00"},
         {"2028-12-26 16:00", "2h", "2028-12-28 09:00"}});
}

TEST(BusinessHours, OfASpecialDayOutrankEverything) {
  check({.holidays = {Country::sweden},
         .closed = {"2026-11-23"},
         .special = {"2026-12-24 09:00-12:00", "2026-11-23 10:00-11:00", "2026-11-28 10:00-14:00",
                     "2026-11-23 13:00-14:00"}},
        {{"2026-12-23 16:00", "2h", "2026-12-24 10:00"},
         {"2026-12-24 11:00", "2h", "2026-12-28 09:00"},
         {"2026-11-23 00:00", "2h", "2026-11-23 14:00"},
         {"2026-11-27 16:00", "2h", "2026-11-28 11:00"}});
}

TEST(BusinessHours, KnowLeapDays) {
  check({.week = {"mon-sun 08:00-17:00"}}, {{"2028-02-28 16:00", "2h", "2028-02-29 09:00"},
                                            {"2028-02-29 16:00", "2h", "2028-03-01 09:00"},
                                            {"2027-02-28 16:00", "2h", "2027-03-01 09:00"},
                                            {"2100-02-28 16:00", "2h", "2100-03-01 09:00"}});
  check({.week = {"mon-sun 08:00-17:00"}, .closed = {"02-29"}},
        {{"2028-02-28 16:00", "2h", "2028-03-01 09:00"},
         {"2027-02-28 16:00", "2h", "2027-03-01 09:00"}});
}

TEST(BusinessHours, OfNothingToPassAreTheNextOpening) {
  const Hours open = hours_of({});
  EXPECT_EQ(open.add(at("2026-11-23 10:00"), seconds(0)), at("2026-11-23 10:00"));
  EXPECT_EQ(open.add(at("2026-11-23 07:00"), seconds(0)), at("2026-11-23 08:00"));
  EXPECT_EQ(open.add(at("2026-11-27 17:00"), seconds(0)), at("2026-11-30 08:00"));
}

TEST(BusinessHours, ThatNeverComeReachNothing) {
  const Hours never = hours_of({.week = {}});
  EXPECT_FALSE(never.add(at("2026-11-23 10:00"), hours(1)));
  EXPECT_FALSE(never.open(at("2026-11-23 10:00")));
  EXPECT_EQ(never.between(at("2026-11-23 10:00"), at("2027-11-23 10:00")), base::Duration());
}

TEST(BusinessHours, BetweenIsZeroBackwards) {
  const Hours open = hours_of({});
  EXPECT_EQ(open.between(at("2026-11-23 12:00"), at("2026-11-23 10:00")), base::Duration());
  EXPECT_EQ(open.between(at("2026-11-23 12:00"), at("2026-11-23 12:00")), base::Duration());
  EXPECT_EQ(open.between(at("2026-11-21 12:00"), at("2026-11-22 12:00")), base::Duration());
  EXPECT_EQ(open.between(at("2026-11-20 16:00"), at("2026-11-23 09:00")), hours(2));
}

TEST(BusinessHours, BeginAtTheirFirstInstantAndEndBeforeTheirLast) {
  const Hours open = hours_of({});
  EXPECT_TRUE(open.open(at("2026-11-23 08:00")));
  EXPECT_TRUE(open.open(at("2026-11-23 16:59:59")));
  EXPECT_FALSE(open.open(at("2026-11-23 17:00")));
  EXPECT_FALSE(open.open(at("2026-11-23 07:59:59")));
  EXPECT_FALSE(open.open(at("2026-11-22 12:00")));
}

// What is added is what lies between, and adding twice is adding the sum: over two years with all
// their changes of clocks, from a fixed seed.
TEST(BusinessHours, AddAndBetweenAgree) {
  const Office offices[] = {{},
                            {.week = {"mon-sun 00:00-24:00"}},
                            {.week = {"mon-sun 22:00-06:00"}, .holidays = {Country::sweden}},
                            {.week = {"mon-sun 01:30-02:30", "fri 02:15-03:15"}},
                            {.zone = "America/New_York", .week = {"sat,sun 00:00-03:00"}}};
  std::mt19937_64 dice(20261127);
  const auto up_to = [&](std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(0, most)(dice);
  };
  for (const Office& office : offices) {
    const Hours open = hours_of(office);
    for (int n = 0; n < 200; ++n) {
      const base::Instant from = at("2026-01-01 00:00") + minutes(up_to(2 * 365 * 24 * 60));
      const base::Duration first = seconds(up_to(100'000)), second = seconds(up_to(100'000));
      const auto middle = open.add(from, first);
      const auto end = open.add(from, first + second);
      ASSERT_TRUE(middle && end);
      EXPECT_EQ(open.between(from, *end), first + second) << base::rfc3339(from);
      EXPECT_EQ(open.between(from, *middle) + open.between(*middle, *end), first + second);
      if (second > base::Duration()) {
        EXPECT_EQ(open.add(*middle, second), end) << base::rfc3339(from);
      }
    }
  }
}

}  // namespace
}  // namespace beredd::calendar
