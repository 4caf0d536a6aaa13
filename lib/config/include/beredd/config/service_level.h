#pragma once
// The part of the configuration that says when desks are open and what customers were promised.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/units.h"
#include "beredd/calendar/hours.h"

namespace beredd::config {

// Whether the eves on which offices close (calendar/holidays.h) are days off.
enum class Eves { closed, open };

// Its texts are well formed: calendar/hours.h says how they are written.
struct Calendar {
  std::string name;
  std::string zone;  // "Europe/Stockholm"
  std::vector<std::string> hours;
  std::vector<std::string> holidays;  // "SE", "NO", "FI"
  Eves eves = Eves::closed;
  std::vector<std::string> closed;
  std::vector<std::string> special;
};

// Of the tickets of these desks and priorities. Durations are open time; zero: not promised.
struct ServiceLevel {
  std::vector<std::string> desks;       // empty: every one
  std::vector<std::string> priorities;  // likewise
  std::string calendar;                 // the name of one
  base::Duration first_answer{}, next_answer{}, solution{};
  int warning = 75;  // percent
};

// Reads the system's time zones. Errors: permanent/not_found for the zone.
base::Result<calendar::Hours> hours_of(const Calendar& calendar);

// The first one that fits, in the order of the file; null: nothing is promised.
const ServiceLevel* level_of(std::span<const ServiceLevel> levels, std::string_view desk,
                             std::string_view priority);

}  // namespace beredd::config
