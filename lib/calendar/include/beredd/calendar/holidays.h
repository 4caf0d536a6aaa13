#pragma once
// The public holidays of Sweden, Norway and Finland by rule, and the eves on which offices there
// close. docs/calendar.md lists every rule with the law that it comes from.

#include <chrono>
#include <optional>
#include <string_view>

namespace beredd::calendar {

enum class Country { sweden, norway, finland };  // "SE", "NO", "FI"

std::string_view code(Country country);
std::optional<Country> country_coded(std::string_view text);

// Easter Sunday of the Gregorian calendar. REQUIRES: `year` from 1583 on.
std::chrono::year_month_day easter(std::chrono::year year);

struct Holiday {
  std::string_view name;  // in the country's own language: "midsommarafton"
  bool eve = false;       // no public holiday by law, but a day off where offices close
};

// Nothing: an ordinary day. Sundays are none by themselves. The rules are those of 2005 and later.
std::optional<Holiday> holiday(Country country, std::chrono::year_month_day day);

}  // namespace beredd::calendar
