#include "beredd/calendar/holidays.h"

#include <array>
#include <span>

namespace beredd::calendar {
namespace {

using std::chrono::days;
using std::chrono::Friday;
using std::chrono::Saturday;
using std::chrono::sys_days;
using std::chrono::weekday;
using std::chrono::year;
using std::chrono::year_month_day;

// A day of the year by rule: a date, a distance from Easter Sunday, or the first such weekday from
// a date on.
struct Rule {
  enum class By { date, easter, weekday } by;
  unsigned month = 0, day = 0;
  int distance = 0;
  weekday falls_on{};
  Holiday holiday;
};

constexpr Rule on(unsigned month, unsigned day, std::string_view name) {
  return {Rule::By::date, month, day, 0, {}, {name, false}};
}
constexpr Rule eve_on(unsigned month, unsigned day, std::string_view name) {
  return {Rule::By::date, month, day, 0, {}, {name, true}};
}
constexpr Rule from_easter(int distance, std::string_view name) {
  return {Rule::By::easter, 0, 0, distance, {}, {name, false}};
}
constexpr Rule first(weekday falls_on, unsigned month, unsigned day, std::string_view name) {
  return {Rule::By::weekday, month, day, 0, falls_on, {name, false}};
}
constexpr Rule first_eve(weekday falls_on, unsigned month, unsigned day, std::string_view name) {
  return {Rule::By::weekday, month, day, 0, falls_on, {name, true}};
}

constexpr std::array kSweden = {
    on(1, 1, "nyårsdagen"),
    on(1, 6, "trettondedag jul"),
    from_easter(-2, "långfredagen"),
    from_easter(0, "påskdagen"),
    from_easter(1, "annandag påsk"),
    on(5, 1, "första maj"),
    from_easter(39, "Kristi himmelsfärdsdag"),
    from_easter(49, "pingstdagen"),
    on(6, 6, "nationaldagen"),
    first_eve(Friday, 6, 19, "midsommarafton"),
    first(Saturday, 6, 20, "midsommardagen"),
    first(Saturday, 10, 31, "alla helgons dag"),
    eve_on(12, 24, "julafton"),
    on(12, 25, "juldagen"),
    on(12, 26, "annandag jul"),
    eve_on(12, 31, "nyårsafton"),
};

constexpr std::array kNorway = {
    on(1, 1, "første nyttårsdag"),      from_easter(-3, "skjærtorsdag"),
    from_easter(-2, "langfredag"),      from_easter(0, "første påskedag"),
    from_easter(1, "andre påskedag"),   on(5, 1, "arbeidernes dag"),
    on(5, 17, "grunnlovsdagen"),        from_easter(39, "Kristi himmelfartsdag"),
    from_easter(49, "første pinsedag"), from_easter(50, "andre pinsedag"),
    eve_on(12, 24, "julaften"),         on(12, 25, "første juledag"),
    on(12, 26, "andre juledag"),        eve_on(12, 31, "nyttårsaften"),
};

constexpr std::array kFinland = {
    on(1, 1, "uudenvuodenpäivä"),
    on(1, 6, "loppiainen"),
    from_easter(-2, "pitkäperjantai"),
    from_easter(0, "pääsiäispäivä"),
    from_easter(1, "toinen pääsiäispäivä"),
    on(5, 1, "vappu"),
    from_easter(39, "helatorstai"),
    from_easter(49, "helluntaipäivä"),
    first_eve(Friday, 6, 19, "juhannusaatto"),
    first(Saturday, 6, 20, "juhannuspäivä"),
    first(Saturday, 10, 31, "pyhäinpäivä"),
    on(12, 6, "itsenäisyyspäivä"),
    eve_on(12, 24, "jouluaatto"),
    on(12, 25, "joulupäivä"),
    on(12, 26, "tapaninpäivä"),
};

std::span<const Rule> rules_of(Country country) {
  switch (country) {
    case Country::sweden: return kSweden;
    case Country::norway: return kNorway;
    case Country::finland: return kFinland;
  }
  return {};
}

bool applies(const Rule& rule, year_month_day day, sys_days easter_sunday) {
  const sys_days at(day);
  if (rule.by == Rule::By::easter) return at == easter_sunday + days(rule.distance);
  const sys_days named(day.year() / std::chrono::month(rule.month) / std::chrono::day(rule.day));
  if (rule.by == Rule::By::date) return at == named;
  return at == named + (rule.falls_on - weekday(named));
}

}  // namespace

std::string_view code(Country country) {
  switch (country) {
    case Country::sweden: return "SE";
    case Country::norway: return "NO";
    case Country::finland: return "FI";
  }
  return "";
}

std::optional<Country> country_coded(std::string_view text) {
  for (const Country country : {Country::sweden, Country::norway, Country::finland}) {
    if (code(country) == text) return country;
  }
  return std::nullopt;
}

// The anonymous Gregorian algorithm (Nature, 20 April 1876, page 487; Meeus, Astronomical
// Algorithms, chapter 8): the names of the letters are its own.
year_month_day easter(year in) {
  const int y = static_cast<int>(in);
  const int a = y % 19, b = y / 100, c = y % 100;
  const int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
  const int h = (19 * a + b - d - g + 15) % 30;
  const int i = c / 4, k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int n = h + l - 7 * m + 114;
  return in / std::chrono::month(static_cast<unsigned>(n / 31)) /
         std::chrono::day(static_cast<unsigned>(n % 31 + 1));
}

std::optional<Holiday> holiday(Country country, year_month_day day) {
  const sys_days easter_sunday(easter(day.year()));
  std::optional<Holiday> found;
  for (const Rule& rule : rules_of(country)) {
    // Two may fall on one day; a holiday by law outranks an eve.
    if (!applies(rule, day, easter_sunday)) continue;
    if (!found || found->eve) found = rule.holiday;
  }
  return found;
}

}  // namespace beredd::calendar
