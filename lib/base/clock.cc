#include "beredd/base/clock.h"

#include <algorithm>
#include <array>
#include <ctime>

#include <fmt/format.h>

namespace beredd::base {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hh_mm_ss;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

// Both formats write a year with four digits; what lies outside is shown as the nearest such time.
constexpr Instant kFirst = sys_days{year{0} / 1 / 1};
constexpr Instant kLast = Instant(sys_days{year{10000} / 1 / 1}) - Duration{1};

struct Fields {
  year_month_day date;
  hh_mm_ss<Duration> time;
};

Fields fields_of(Instant at) {
  const Instant shown = std::clamp(at, kFirst, kLast);
  const auto day = floor<days>(shown);
  return {year_month_day{day}, hh_mm_ss<Duration>{shown - day}};
}

// Takes a text apart from the left; once something was missing, `good` stays false.
struct Scanner {
  std::string_view rest;
  bool good = true;

  int number(std::size_t digits) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (rest.empty() || rest.front() < '0' || rest.front() > '9') return fail();
      value = value * 10 + (rest.front() - '0');
      rest.remove_prefix(1);
    }
    return value;
  }

  char one_of(std::string_view allowed) {
    if (rest.empty() || allowed.find(rest.front()) == std::string_view::npos) {
      fail();
      return '\0';
    }
    const char found = rest.front();
    rest.remove_prefix(1);
    return found;
  }

  // What follows the seconds: nothing, or a point and one to nine digits, cut to microseconds.
  Duration fraction() {
    if (rest.empty() || rest.front() != '.') return Duration{0};
    rest.remove_prefix(1);
    std::int64_t value = 0;
    std::size_t digits = 0;
    for (; digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9'; ++digits) {
      if (digits < 6) value = value * 10 + (rest[digits] - '0');
    }
    if (digits == 0 || digits > 9) fail();
    for (std::size_t i = digits; i < 6; ++i) value *= 10;
    rest.remove_prefix(digits);
    return Duration{value};
  }

  minutes offset() {
    const char sign = one_of("Zz+-");
    if (sign != '+' && sign != '-') return minutes{0};
    const int hour = number(2);
    one_of(":");
    const int minute = number(2);
    if (hour > 23 || minute > 59) fail();
    const minutes size = hours{hour} + minutes{minute};
    return sign == '+' ? size : -size;
  }

  int fail() {
    good = false;
    return 0;
  }
};

Error not_a_time(std::string_view text) {
  return permanent(Code::invalid,
                   fmt::format("expected a time such as 2026-11-23T01:30:26Z, got \"{}\"", text));
}

}  // namespace

Instant SystemClock::steady() const {
  return Instant(std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now().time_since_epoch()));
}

Instant SystemClock::now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

Instant ManualClock::now() const { return now_.load(); }

void ManualClock::advance(Duration by) {
  Instant seen = now_.load();
  while (!now_.compare_exchange_weak(seen, seen + by)) {
  }
}

void ManualClock::set(Instant now) { now_.store(now); }

std::string rfc3339(Instant at) {
  const Fields f = fields_of(at);
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", int{f.date.year()},
                  unsigned{f.date.month()}, unsigned{f.date.day()}, f.time.hours().count(),
                  f.time.minutes().count(), f.time.seconds().count());
  if (const auto fraction = f.time.subseconds().count(); fraction != 0) {
    text += fmt::format(".{:06}", fraction);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + 'Z';
}

Result<Instant> parse_rfc3339(std::string_view text) {
  Scanner scan{text};
  const int y = scan.number(4);
  scan.one_of("-");
  const int mon = scan.number(2);
  scan.one_of("-");
  const int d = scan.number(2);
  scan.one_of("Tt ");  // §5.6 lets people write a space
  const int hour = scan.number(2);
  scan.one_of(":");
  const int min = scan.number(2);
  scan.one_of(":");
  const int sec = scan.number(2);
  const Duration fraction = scan.fraction();
  const minutes offset = scan.offset();

  const year_month_day date{year{y}, std::chrono::month{static_cast<unsigned>(mon)},
                            std::chrono::day{static_cast<unsigned>(d)}};
  if (!scan.good || !scan.rest.empty() || !date.ok() || hour > 23 || min > 59 || sec > 60) {
    return not_a_time(text);
  }
  const auto minute = sys_days{date} + hours{hour} + minutes{min} - offset;
  // A leap second stands at the end of a UTC day only; it is the next day's first second to us.
  if (sec == 60 && minute + minutes{1} != floor<days>(minute) + days{1}) return not_a_time(text);
  return Instant(minute + seconds{sec} + fraction);
}

std::string rfc5322(Instant at) {
  constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Fields f = fields_of(at);
  const std::chrono::weekday weekday{sys_days{f.date}};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", kDays[weekday.c_encoding()],
                     unsigned{f.date.day()}, kMonths[unsigned{f.date.month()} - 1],
                     int{f.date.year()}, f.time.hours().count(), f.time.minutes().count(),
                     f.time.seconds().count());
}

std::string local_time(Instant at) {
  const std::time_t t = floor<seconds>(std::clamp(at, kFirst, kLast)).time_since_epoch().count();
  std::tm tm{};
  localtime_r(&t, &tm);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", tm.tm_year + 1900, tm.tm_mon + 1,
                     tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

}  // namespace beredd::base
