#include "print.h"
#include "table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "beredd/base/text.h"

namespace beredd::beredctl {
namespace {

template <typename T>
std::string listed(const std::vector<T>& items, std::string_view none) {
  if (items.empty()) return std::string(none);
  return fmt::format("{}", fmt::join(items, ", "));
}

std::string presence_of(const api::Colleague& person) {
  if (!person.absence) return "present";
  const api::Absence& absence = *person.absence;
  std::string out = "absent";
  if (absence.until) out += " until " + base::local_time(*absence.until);
  if (!absence.reason.empty()) out += fmt::format(" ({})", absence.reason);
  return out;
}

}  // namespace

std::string people_text(const std::vector<api::Colleague>& people, const Style& style) {
  if (people.empty()) return "No people; [[person]] in beredd.toml names them.\n";
  Table table({{"NAME"},
               {"ROLE"},
               {"LINES"},
               {"LOAD", Align::right},
               {"PRESENCE", Align::left, true},
               {"DEPUTY"},
               {"TEAMS", Align::left, true},
               {"LANGUAGES"}});
  for (const api::Colleague& one : people) {
    table.add({{one.name, Paint::strong},
               one.role,
               listed(one.lines, "-"),
               std::to_string(one.load),
               {presence_of(one), one.present ? Paint::plain : Paint::bad},
               one.deputy.empty() ? "-" : one.deputy,
               listed(one.teams, "-"),
               listed(one.languages, "-")});
  }
  return table.text(style);
}

std::string teams_text(const std::vector<api::Team>& teams, const Style& style) {
  if (teams.empty()) return "No teams.\n";
  Table table({{"NAME"}, {"PEOPLE", Align::left, true}, {"DESKS", Align::left, true}});
  for (const api::Team& team : teams) {
    table.add({{team.name, Paint::strong}, listed(team.people, "-"), listed(team.desks, "all")});
  }
  return table.text(style);
}

std::string staffing_text(const api::Staffing& staffing, const Style& style) {
  Table block({{""}, {""}});
  const std::string why = staffing.set ? fmt::format("set by {}", staffing.by) : "by presence";
  block.add({{"level", Paint::faint}, {fmt::format("{}, {}", staffing.level, why), Paint::strong}});
  block.add({{"present", Paint::faint}, fmt::format("{} % of the people", staffing.presence)});
  block.add({{"answered first", Paint::faint}, listed(staffing.first, "nothing before the rest")});
  block.add({{"notice only", Paint::faint}, listed(staffing.notice_only, "nothing")});
  block.add({{"waits", Paint::faint}, listed(staffing.waits, "nothing")});
  return block.rows(style, "");
}

std::string next_text(const api::Next& next, const Style& style) {
  if (!next.ticket) return base::for_terminal("No work for " + next.person + ".") + "\n";
  const std::string why = fmt::format("{}", fmt::join(next.reasons, "; "));
  return tickets_text({*next.ticket}, style) + base::for_terminal("Because: " + why + ".") + "\n";
}

}  // namespace beredd::beredctl
