#pragma once
// Calendars and instants for tests, as people write them.

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "beredd/calendar/hours.h"

namespace beredd::calendar {

struct Office {
  std::string zone = "Europe/Stockholm";
  std::vector<std::string> week = {"mon-fri 08:00-17:00"};
  std::vector<Country> holidays = {};
  std::vector<std::string> closed = {};
  std::vector<std::string> special = {};
  bool eves_closed = true;
};

inline Hours hours_of(const Office& office) {
  Rules rules;
  rules.zone = *Zone::named(office.zone);
  for (const auto& text : office.week) rules.week.push_back(*parse_weekly(text));
  for (const auto& text : office.closed) rules.closed.push_back(*parse_days(text));
  for (const auto& text : office.special) rules.special.push_back(*parse_special(text));
  rules.holidays = office.holidays;
  rules.eves_closed = office.eves_closed;
  return Hours(std::move(rules));
}

// "2026-11-23 08:00" or "2026-11-23 08:00:30+02:00"; without an offset it is a wall time there, of
// two the first.
inline base::Instant at(std::string_view text, std::string_view zone = "Europe/Stockholm") {
  std::string whole(text);
  whole[10] = 'T';
  if (whole.size() == 16 || whole.size() == 22) whole.insert(16, ":00");
  const bool wall = whole.size() == 19;
  const base::Instant instant = *base::parse_rfc3339(wall ? whole + "Z" : whole);
  if (!wall) return instant;
  return Zone::named(zone)->instant(WallTime(instant.time_since_epoch()), Twice::first);
}

}  // namespace beredd::calendar
