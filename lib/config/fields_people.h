#pragma once
// The part of fields.h on people, rules and staffing levels.

#include <concepts>
#include <type_traits>

#include "beredd/config/people.h"

namespace beredd::config {

template <typename T, typename Plain>
concept MaybeConst = std::same_as<std::remove_const_t<T>, Plain>;

void fields(auto& visit, MaybeConst<Person> auto& person) {
  visit("name", person.name);
  visit("login", person.login);
  visit("address", person.address);
  visit("lines", person.lines);
  visit("role", person.role);
  visit("deputy", person.deputy);
  visit("languages", person.languages);
}

void fields(auto& visit, MaybeConst<Team> auto& team) {
  visit("name", team.name);
  visit("people", team.people);
  visit("desks", team.desks);
}

void fields(auto& visit, MaybeConst<Rota> auto& rota) {
  visit("assignment", rota.assignment);
  visit("lease", rota.lease);
}

void fields(auto& visit, MaybeConst<CustomField> auto& field) {
  visit("name", field.name);
  visit("pattern", field.pattern);
  visit("desks", field.desks);
}

void fields(auto& visit, MaybeConst<Rule> auto& rule) {
  visit("name", rule.name);
  visit("staffing", rule.staffing);
  visit("desks", rule.desks);
  visit("senders", rule.senders);
  visit("domains", rule.domains);
  visit("words", rule.words);
  visit("older_than", rule.older_than);
  visit("field", rule.field);
  visit("value", rule.value);
  visit("priority", rule.priority);
  visit("tags", rule.tags);
  visit("line", rule.line);
  visit("team", rule.team);
  visit("assign", rule.assign);
  visit("language", rule.language);
}

void fields(auto& visit, MaybeConst<StaffingLevel> auto& level) {
  visit("priority_weight", level.priority_weight);
  visit("waiting_weight", level.waiting_weight);
  visit("first", level.first);
  visit("notice_only", level.notice_only);
  visit("waits", level.waits);
}

void fields(auto& visit, MaybeConst<Staffing> auto& staffing) {
  visit("reduced_below", staffing.reduced_below);
  visit("critical_below", staffing.critical_below);
  visit.table("normal", staffing.normal);
  visit.table("reduced", staffing.reduced);
  visit.table("critical", staffing.critical);
}

}  // namespace beredd::config
