#include "beredd/calendar/hours.h"

#include <algorithm>

namespace beredd::calendar {
namespace {

using std::chrono::days;
using std::chrono::month_day;
using std::chrono::year_month_day;

std::size_t weekday_of(Day day) {
  return std::chrono::weekday(day).iso_encoding() - 1;  // Monday is 0
}

bool is_holiday(const Rules& rules, Day day) {
  const year_month_day date(day);
  return std::any_of(rules.holidays.begin(), rules.holidays.end(), [&](Country country) {
    const auto found = holiday(country, date);
    return found && (rules.eves_closed || !found->eve);
  });
}

}  // namespace

bool DaySpan::holds(Day day) const {
  if (every_year) {
    const year_month_day date(day);
    return *every_year == month_day(date.month(), date.day());
  }
  return first && last && *first <= day && day <= *last;
}

Hours::Hours(Rules rules) : rules_(std::move(rules)) {
  for (const WeeklyHours& weekly : rules_.week) {
    for (std::size_t n = 0; n < week_.size(); ++n) {
      if (weekly.on[n]) week_[n].push_back(weekly.span);
    }
  }
  for (std::vector<Span>& spans : week_) std::sort(spans.begin(), spans.end());
  std::sort(rules_.special.begin(), rules_.special.end(),
            [](const SpecialHours& a, const SpecialHours& b) {
              return std::tie(a.day, a.span) < std::tie(b.day, b.span);
            });
}

std::vector<Span> Hours::spans_of(Day day) const {
  std::vector<Span> own;
  for (const SpecialHours& special : rules_.special) {
    if (special.day == day) own.push_back(special.span);
  }
  if (!own.empty()) return own;
  const bool closed = std::any_of(rules_.closed.begin(), rules_.closed.end(),
                                  [&](const DaySpan& span) { return span.holds(day); });
  if (closed || is_holiday(rules_, day)) return {};
  return week_[weekday_of(day)];
}

void Hours::each_opening(base::Instant from, const std::function<bool(Opening)>& take) const {
  // Hours of the day before may reach into this one.
  const Day start = std::chrono::floor<days>(rules_.zone.wall(from)) - days(1);
  base::Instant reached = from;
  for (Day day = start; day < start + kHorizon; day += days(1)) {
    for (const Span& span : spans_of(day)) {
      Opening opening{rules_.zone.instant(WallTime(day) + span.begin, Twice::first),
                      rules_.zone.instant(WallTime(day) + span.end, Twice::second)};
      opening.begin = std::max(opening.begin, reached);
      if (opening.end <= opening.begin) continue;
      reached = opening.end;
      if (!take(opening)) return;
    }
  }
}

bool Hours::open(base::Instant at) const {
  bool is_open = false;
  each_opening(at, [&](Opening opening) {
    is_open = opening.begin <= at;
    return false;
  });
  return is_open;
}

std::optional<base::Instant> Hours::add(base::Instant from, base::Duration open) const {
  std::optional<base::Instant> found;
  each_opening(from, [&](Opening opening) {
    const base::Duration length = opening.end - opening.begin;
    if (open <= length) {
      found = opening.begin + open;
      return false;
    }
    open -= length;
    return true;
  });
  return found;
}

base::Duration Hours::between(base::Instant from, base::Instant until) const {
  base::Duration sum{};
  if (until <= from) return sum;
  each_opening(from, [&](Opening opening) {
    if (opening.begin >= until) return false;
    sum += std::min(opening.end, until) - opening.begin;
    return opening.end < until;
  });
  return sum;
}

}  // namespace beredd::calendar
