// The part of cross_check() about calendars and service levels.

#include "cross_check.h"
#include "inspect.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace beredd::config {
namespace {

int line_of(const Value& table, std::string_view key) {
  const Value* given = table.find(key);
  return given != nullptr ? given->line : table.line;
}

template <typename Named>
std::vector<std::string_view> names_of(const std::vector<Named>& all) {
  std::vector<std::string_view> names;
  for (const Named& one : all) {
    if (!one.name.empty()) names.push_back(one.name);
  }
  return names;
}

bool has(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void check_level(const Value& table, const ServiceLevel& level, const Config& config,
                 Findings& findings) {
  const auto calendars = names_of(config.calendars);
  if (!level.calendar.empty() && !has(calendars, level.calendar)) {
    findings.error(line_of(table, "calendar"),
                   calendars.empty()
                       ? fmt::format("sla: there is no calendar \"{}\"; add a [[calendar]] table",
                                     level.calendar)
                       : fmt::format("sla: there is no calendar \"{}\"; name one of: {}",
                                     level.calendar, fmt::join(calendars, ", ")));
  }
  const auto desks = names_of(config.desks);
  for (const Value& item : table.list("desks")) {
    if (item.type != Value::Type::text || has(desks, item.text)) continue;
    findings.error(item.line, fmt::format("sla.desks: there is no desk \"{}\"; name one of: {}",
                                          item.text, fmt::join(desks, ", ")));
  }
  const bool promises =
      level.first_answer.count() + level.next_answer.count() + level.solution.count() > 0;
  if (!promises) {
    findings.warning(table.line,
                     "sla: it promises nothing; set first_answer, next_answer or solution");
  }
}

}  // namespace

void cross_check_time(const Value& root, const Config& config, Findings& findings) {
  std::map<std::string, int> seen;
  for (const Value& table : root.tables("calendar")) {
    const Value* name = table.find("name");
    if (name == nullptr || name->type != Value::Type::text) continue;
    const auto [first, fresh] = seen.emplace(name->text, name->line);
    if (fresh) continue;
    findings.error(name->line, fmt::format("{}: this name is taken in line {}",
                                           label_of("calendar", table), first->second));
  }
  const std::vector<Value>& levels = root.tables("sla");
  for (std::size_t n = 0; n < config.service_levels.size(); ++n) {
    check_level(levels[n], config.service_levels[n], config, findings);
  }
}

}  // namespace beredd::config
