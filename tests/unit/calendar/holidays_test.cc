// Facts, not rules: the dates of 2024 to 2030 as almanacs have them. Movable days as published by
// the almanac offices of Uppsala (almanackan), Oslo (Almanakk for Norge) and Helsinki
// (almanakka.helsinki.fi); eves and fixed days from the laws that docs/calendar.md names.

#include "beredd/calendar/holidays.h"

#include <map>
#include <set>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace beredd::calendar {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

std::string written(year_month_day day) {
  return fmt::format("{:02}-{:02}", static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

struct Found {
  std::set<std::string> holidays, eves;
};

Found found_in(Country country, int in) {
  Found found;
  const sys_days end(year(in + 1) / 1 / 1);
  for (sys_days day(year(in) / 1 / 1); day < end; day += days(1)) {
    const auto one = holiday(country, day);
    if (one) (one->eve ? found.eves : found.holidays).insert(written(day));
  }
  return found;
}

struct Year {
  int year;
  std::string maundy, good_friday, easter, easter_monday, ascension, pentecost, whit_monday;
  std::string midsummer_eve, midsummer, all_saints;
};

const Year kYears[] = {
    {2024, "03-28", "03-29", "03-31", "04-01", "05-09", "05-19", "05-20", "06-21", "06-22",
     "11-02"},
    {2025, "04-17", "04-18", "04-20", "04-21", "05-29", "06-08", "06-09", "06-20", "06-21",
     "11-01"},
    {2026, "04-02", "04-03", "04-05", "04-06", "05-14", "05-24", "05-25", "06-19", "06-20",
     "10-31"},
    {2027, "03-25", "03-26", "03-28", "03-29", "05-06", "05-16", "05-17", "06-25", "06-26",
     "11-06"},
    {2028, "04-13", "04-14", "04-16", "04-17", "05-25", "06-04", "06-05", "06-23", "06-24",
     "11-04"},
    {2029, "03-29", "03-30", "04-01", "04-02", "05-10", "05-20", "05-21", "06-22", "06-23",
     "11-03"},
    {2030, "04-18", "04-19", "04-21", "04-22", "05-30", "06-09", "06-10", "06-21", "06-22",
     "11-02"},
};

class Almanac : public testing::TestWithParam<Year> {};

TEST_P(Almanac, SwedenHasTheseHolidaysAndNoOthers) {
  const Year& y = GetParam();
  const Found found = found_in(Country::sweden, y.year);
  EXPECT_EQ(found.holidays,
            (std::set<std::string>{"01-01", "01-06", y.good_friday, y.easter, y.easter_monday,
                                   "05-01", y.ascension, y.pentecost, "06-06", y.midsummer,
                                   y.all_saints, "12-25", "12-26"}));
  EXPECT_EQ(found.eves, (std::set<std::string>{y.midsummer_eve, "12-24", "12-31"}));
}

TEST_P(Almanac, NorwayHasTheseHolidaysAndNoOthers) {
  const Year& y = GetParam();
  const Found found = found_in(Country::norway, y.year);
  EXPECT_EQ(found.holidays, (std::set<std::string>{"01-01", y.maundy, y.good_friday, y.easter,
                                                   y.easter_monday, "05-01", "05-17", y.ascension,
                                                   y.pentecost, y.whit_monday, "12-25", "12-26"}));
  EXPECT_EQ(found.eves, (std::set<std::string>{"12-24", "12-31"}));
}

TEST_P(Almanac, FinlandHasTheseHolidaysAndNoOthers) {
  const Year& y = GetParam();
  const Found found = found_in(Country::finland, y.year);
  EXPECT_EQ(found.holidays,
            (std::set<std::string>{"01-01", "01-06", y.good_friday, y.easter, y.easter_monday,
                                   "05-01", y.ascension, y.pentecost, y.midsummer, y.all_saints,
                                   "12-06", "12-25", "12-26"}));
  EXPECT_EQ(found.eves, (std::set<std::string>{y.midsummer_eve, "12-24"}));
}

INSTANTIATE_TEST_SUITE_P(Years, Almanac, testing::ValuesIn(kYears),
                         [](const auto& one) { return std::to_string(one.param.year); });

// The earliest and the latest there can be are among them.
TEST(Easter, FallsOnTheDaysOfTheAlmanac) {
  const std::map<int, std::string> kSundays = {
      {1598, "03-22"}, {1818, "03-22"}, {1886, "04-25"}, {1900, "04-15"}, {1943, "04-25"},
      {1954, "04-18"}, {1961, "04-02"}, {1981, "04-19"}, {1984, "04-22"}, {1989, "03-26"},
      {1994, "04-03"}, {1999, "04-04"}, {2000, "04-23"}, {2001, "04-15"}, {2002, "03-31"},
      {2003, "04-20"}, {2004, "04-11"}, {2005, "03-27"}, {2006, "04-16"}, {2007, "04-08"},
      {2008, "03-23"}, {2009, "04-12"}, {2010, "04-04"}, {2011, "04-24"}, {2012, "04-08"},
      {2013, "03-31"}, {2014, "04-20"}, {2015, "04-05"}, {2016, "03-27"}, {2017, "04-16"},
      {2018, "04-01"}, {2019, "04-21"}, {2020, "04-12"}, {2021, "04-04"}, {2022, "04-17"},
      {2023, "04-09"}, {2024, "03-31"}, {2025, "04-20"}, {2026, "04-05"}, {2027, "03-28"},
      {2028, "04-16"}, {2029, "04-01"}, {2030, "04-21"}, {2031, "04-13"}, {2032, "03-28"},
      {2033, "04-17"}, {2034, "04-09"}, {2035, "03-25"}, {2036, "04-13"}, {2037, "04-05"},
      {2038, "04-25"}, {2049, "04-18"}, {2076, "04-19"}, {2285, "03-22"},
  };
  for (const auto& [in, sunday] : kSundays) {
    EXPECT_EQ(written(easter(year(in))), sunday) << in;
  }
}

TEST(Easter, IsAlwaysASundayFromThe22ndOfMarchToThe25thOfApril) {
  for (int in = 1583; in < 4000; ++in) {
    const year_month_day day = easter(year(in));
    EXPECT_EQ(std::chrono::weekday(sys_days(day)), std::chrono::Sunday) << in;
    EXPECT_TRUE(written(day) >= "03-22" && written(day) <= "04-25") << in;
  }
}

TEST(Holidays, HaveTheNamesOfTheirCountry) {
  EXPECT_EQ(holiday(Country::sweden, year(2026) / 6 / 19)->name, "midsommarafton");
  EXPECT_EQ(holiday(Country::finland, year(2026) / 6 / 19)->name, "juhannusaatto");
  EXPECT_EQ(holiday(Country::norway, year(2026) / 4 / 2)->name, "skjærtorsdag");
  EXPECT_FALSE(holiday(Country::norway, year(2026) / 6 / 19));
}

TEST(Holidays, MidsummerAndAllSaintsAreSaturdaysInEveryYear) {
  for (int in = 2005; in < 2200; ++in) {
    for (const Country country : {Country::sweden, Country::finland}) {
      for (sys_days day(year(in) / 6 / 20); day <= sys_days(year(in) / 6 / 26); day += days(1)) {
        EXPECT_EQ(holiday(country, day).has_value() && !holiday(country, day)->eve,
                  std::chrono::weekday(day) == std::chrono::Saturday);
      }
      for (sys_days day(year(in) / 10 / 31); day <= sys_days(year(in) / 11 / 6); day += days(1)) {
        EXPECT_EQ(holiday(country, day).has_value(),
                  std::chrono::weekday(day) == std::chrono::Saturday);
      }
    }
  }
}

TEST(Holidays, TwoOnOneDayAreOne) {
  // Ascension Day on the first of May; Whit Monday on the seventeenth.
  EXPECT_EQ(found_in(Country::norway, 2008).holidays.size(), 11u);
  EXPECT_EQ(holiday(Country::norway, year(2027) / 5 / 17)->name, "grunnlovsdagen");
}

TEST(Countries, AreKnownByTheirCodes) {
  EXPECT_EQ(country_coded("SE"), Country::sweden);
  EXPECT_EQ(country_coded("NO"), Country::norway);
  EXPECT_EQ(country_coded("FI"), Country::finland);
  EXPECT_FALSE(country_coded("DK"));
}

}  // namespace
}  // namespace beredd::calendar
