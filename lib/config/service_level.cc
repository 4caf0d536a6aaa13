#include "beredd/config/service_level.h"

#include <algorithm>

namespace beredd::config {
namespace {

bool is_for(const std::vector<std::string>& names, std::string_view name) {
  return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

base::Result<calendar::Hours> hours_of(const Calendar& calendar) {
  calendar::Rules rules;
  auto zone = calendar::Zone::named(calendar.zone);
  if (!zone) return zone.error();
  rules.zone = *std::move(zone);
  rules.eves_closed = calendar.eves == Eves::closed;
  for (const std::string& text : calendar.hours) {
    const auto weekly = calendar::parse_weekly(text);
    if (!weekly) return weekly.error();
    rules.week.push_back(*weekly);
  }
  for (const std::string& code : calendar.holidays) {
    if (const auto country = calendar::country_coded(code)) rules.holidays.push_back(*country);
  }
  for (const std::string& text : calendar.closed) {
    const auto days = calendar::parse_days(text);
    if (!days) return days.error();
    rules.closed.push_back(*days);
  }
  for (const std::string& text : calendar.special) {
    const auto special = calendar::parse_special(text);
    if (!special) return special.error();
    rules.special.push_back(*special);
  }
  return calendar::Hours(std::move(rules));
}

const ServiceLevel* level_of(std::span<const ServiceLevel> levels, std::string_view desk,
                             std::string_view priority) {
  for (const ServiceLevel& level : levels) {
    if (is_for(level.desks, desk) && is_for(level.priorities, priority)) return &level;
  }
  return nullptr;
}

}  // namespace beredd::config
