// How hours and days are written: the parsers of hours.h.

#include <charconv>
#include <string>

#include <fmt/format.h>

#include "beredd/base/text.h"
#include "beredd/calendar/hours.h"

namespace beredd::calendar {
namespace {

using base::Result;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::year_month_day;

constexpr std::array<std::string_view, 7> kWeekdays = {"mon", "tue", "wed", "thu",
                                                       "fri", "sat", "sun"};

base::Error expected(std::string_view what, std::string_view got) {
  return base::permanent(base::Code::invalid, fmt::format("expected {}, got \"{}\"", what, got));
}

// Exactly `width` digits.
std::optional<unsigned> digits(std::string_view text, std::size_t width) {
  unsigned value = 0;
  if (text.size() != width) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "HH:MM", 24:00 included.
std::optional<minutes> clock(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = digits(text.substr(0, 2), 2);
  const auto minute = digits(text.substr(3), 2);
  if (!hour || !minute || *minute > 59) return std::nullopt;
  const minutes since = hours(*hour) + minutes(*minute);
  if (since > hours(24)) return std::nullopt;
  return since;
}

// "08:00-17:00"; an end that is not after the beginning is on the next day.
std::optional<Span> span_of(std::string_view text) {
  if (text.size() != 11 || text[5] != '-') return std::nullopt;
  const auto begin = clock(text.substr(0, 5));
  const auto end = clock(text.substr(6));
  if (!begin || !end || *begin == *end || *begin == hours(24)) return std::nullopt;
  return Span{*begin, *end > *begin ? *end : *end + hours(24)};
}

std::optional<std::size_t> weekday_named(std::string_view text) {
  const std::string lower = base::lower(text);
  for (std::size_t n = 0; n < kWeekdays.size(); ++n) {
    if (kWeekdays[n] == lower) return n;
  }
  return std::nullopt;
}

// "mon", or "mon-fri", or "fri-mon".
bool add_weekdays(std::string_view text, std::array<bool, 7>& on) {
  const auto dash = text.find('-');
  const auto first = weekday_named(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : weekday_named(text.substr(dash + 1));
  if (!first || !last) return false;
  for (std::size_t n = *first;; n = (n + 1) % on.size()) {
    on[n] = true;
    if (n == *last) return true;
  }
}

std::optional<Day> date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text.substr(0, 4), 4);
  const auto month = digits(text.substr(5, 2), 2);
  const auto day = digits(text.substr(8), 2);
  if (!year || !month || !day) return std::nullopt;
  const year_month_day whole(std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                             std::chrono::day(*day));
  if (!whole.ok()) return std::nullopt;
  return Day(whole);
}

std::optional<std::chrono::month_day> yearly(std::string_view text) {
  if (text.size() != 5 || text[2] != '-') return std::nullopt;
  const auto month = digits(text.substr(0, 2), 2);
  const auto day = digits(text.substr(3), 2);
  if (!month || !day) return std::nullopt;
  const std::chrono::month_day whole{std::chrono::month(*month), std::chrono::day(*day)};
  if (!whole.ok()) return std::nullopt;
  return whole;
}

}  // namespace

Result<WeeklyHours> parse_weekly(std::string_view text) {
  const base::Error wrong = expected("hours such as \"mon-fri 08:00-17:00\"", text);
  const auto blank = text.rfind(' ');
  if (blank == std::string_view::npos) return wrong;
  WeeklyHours weekly;
  const auto span = span_of(text.substr(blank + 1));
  if (!span) return wrong;
  weekly.span = *span;
  for (const std::string_view part : base::split(base::trim(text.substr(0, blank)), ',')) {
    if (!add_weekdays(base::trim(part), weekly.on)) return wrong;
  }
  return weekly;
}

Result<DaySpan> parse_days(std::string_view text) {
  const base::Error wrong =
      expected("a day such as \"2026-07-06\", \"2026-07-06..2026-07-10\" or \"12-27\"", text);
  DaySpan span;
  if (const auto every = yearly(text)) {
    span.every_year = every;
    return span;
  }
  const auto dots = text.find("..");
  span.first = date(text.substr(0, dots));
  span.last = dots == std::string_view::npos ? span.first : date(text.substr(dots + 2));
  if (!span.first || !span.last || *span.last < *span.first) return wrong;
  return span;
}

Result<SpecialHours> parse_special(std::string_view text) {
  const base::Error wrong =
      expected("a day and its hours such as \"2026-12-24 09:00-12:00\"", text);
  const auto blank = text.find(' ');
  if (blank == std::string_view::npos) return wrong;
  const auto day = date(text.substr(0, blank));
  const auto span = span_of(base::trim(text.substr(blank + 1)));
  if (!day || !span) return wrong;
  return SpecialHours{*day, *span};
}

}  // namespace beredd::calendar
