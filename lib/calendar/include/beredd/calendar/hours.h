#pragma once
// Business hours: when a desk is open, and arithmetic in open time. Pure; every instant is an
// argument.

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/base/result.h"
#include "beredd/base/units.h"
#include "beredd/calendar/holidays.h"
#include "beredd/calendar/zone.h"

namespace beredd::calendar {

// Open from `begin` to `end`, counted on the wall from the midnight at which a day begins. An end
// beyond 24 h is on the next day, which may be a holiday: hours belong to the day they begin on.
// REQUIRES: 0 ≤ begin < 24 h, begin < end ≤ begin + 24 h.
struct Span {
  std::chrono::minutes begin{}, end{};
  friend auto operator<=>(const Span&, const Span&) = default;
};

// "mon-fri 08:00-17:00", "sat,sun 22:00-06:00", "mon-sun 00:00-24:00".
struct WeeklyHours {
  std::array<bool, 7> on{};  // Monday first
  Span span;
};

// "2026-07-06", "2026-07-06..2026-07-10", both ends included, or "12-27": every year.
struct DaySpan {
  std::optional<Day> first, last;                      // both, or
  std::optional<std::chrono::month_day> every_year{};  // this
  bool holds(Day day) const;
};

// "2026-12-24 09:00-12:00": these hours and no others on that day, whatever else it is.
struct SpecialHours {
  Day day{};
  Span span;
};

// Errors: permanent/invalid, in words that end a sentence: `expected a day such as …, got "…"`.
base::Result<WeeklyHours> parse_weekly(std::string_view text);
base::Result<DaySpan> parse_days(std::string_view text);
base::Result<SpecialHours> parse_special(std::string_view text);

// What a calendar is made of. `special` outranks `closed`, which outranks the holidays, which
// outrank `week`.
struct Rules {
  Zone zone = Zone::utc();
  std::vector<WeeklyHours> week;
  std::vector<Country> holidays;
  bool eves_closed = true;
  std::vector<DaySpan> closed;
  std::vector<SpecialHours> special;
};

// Immutable. Any thread.
//
// Where clocks change: hours that begin in a wall time that never comes begin when clocks are
// turned; hours that begin in one that comes twice begin the first time, and hours that end in one
// end the second time. Between, time is what passes, not what the wall shows: the night in which
// clocks go back has an hour more.
class Hours {
 public:
  explicit Hours(Rules rules);

  bool open(base::Instant at) const;
  // The first instant at which `open` open time has passed since `from`; a closing time rather than
  // the next opening. With none to pass: `from`, or the next opening when it is closed then.
  // Nothing: not within kHorizon.
  std::optional<base::Instant> add(base::Instant from, base::Duration open) const;
  // The open time between the two; zero when `until` is not after `from`.
  base::Duration between(base::Instant from, base::Instant until) const;

  static constexpr std::chrono::days kHorizon{3660};

 private:
  struct Opening {
    base::Instant begin{}, end{};
  };
  std::vector<Span> spans_of(Day day) const;
  // Calls `take` with each opening that ends after `from`, none overlapping, in order, until it
  // returns false or the horizon has been reached.
  void each_opening(base::Instant from, const std::function<bool(Opening)>& take) const;

  Rules rules_;
  std::array<std::vector<Span>, 7> week_;  // sorted
};

}  // namespace beredd::calendar
