#include "beredd/ticket/rules.h"

#include <algorithm>

namespace beredd::ticket {
namespace {

template <typename T>
bool has(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// An empty list asks nothing.
template <typename T>
bool among(const std::vector<T>& all, const T& one) {
  return all.empty() || has(all, one);
}

bool is_below(std::string_view domain, std::string_view of) {
  if (!domain.ends_with(of)) return false;
  return domain.size() == of.size() || domain[domain.size() - of.size() - 1] == '.';
}

bool from_one_of(const std::vector<std::string>& domains, const std::vector<std::string>& senders) {
  return std::any_of(senders.begin(), senders.end(), [&](std::string_view sender) {
    const std::string_view domain = sender.substr(sender.rfind('@') + 1);
    return std::any_of(domains.begin(), domains.end(),
                       [&](const std::string& of) { return is_below(domain, of); });
  });
}

bool fields_hold(const Condition& condition, const FieldValues& fields) {
  if (condition.field.empty()) return true;
  const auto found = fields.find(condition.field);
  return found != fields.end() && (!condition.value || condition.value->is(found->second));
}

void add(Outcome& to, const Outcome& more) {
  if (!to.priority) to.priority = more.priority;
  if (to.line == 0) to.line = more.line;
  if (to.team.empty()) to.team = more.team;
  if (to.assign.empty()) to.assign = more.assign;
  if (to.language.empty()) to.language = more.language;
  for (const std::string& tag : more.tags) {
    if (!has(to.tags, tag)) to.tags.push_back(tag);
  }
}

}  // namespace

bool holds(const Condition& condition, const Facts& facts) {
  const auto wrote = [&](const std::string& one) { return has(facts.senders, one); };
  return among(condition.levels, facts.level) && among(condition.desks, facts.desk) &&
         (condition.senders.empty() ||
          std::any_of(condition.senders.begin(), condition.senders.end(), wrote)) &&
         (condition.domains.empty() || from_one_of(condition.domains, facts.senders)) &&
         (condition.older_than == base::Duration{} || facts.waiting > condition.older_than) &&
         fields_hold(condition, facts.fields) &&
         (!condition.words || condition.words->in(facts.text));
}

Verdict judge(const std::vector<Rule>& rules, const Facts& facts,
              const std::vector<std::string>& done) {
  Verdict verdict;
  for (const Rule& rule : rules) {
    if (has(done, rule.name) || !holds(rule.when, facts)) continue;
    verdict.rules.push_back(rule.name);
    add(verdict.outcome, rule.then);
  }
  return verdict;
}

FieldValues find_fields(const std::vector<FieldFinder>& finders, std::string_view desk,
                        std::string_view text) {
  FieldValues found;
  for (const FieldFinder& finder : finders) {
    if (!among(finder.desks, std::string(desk))) continue;
    if (auto value = finder.pattern.find(text)) found.emplace(finder.name, *std::move(value));
  }
  return found;
}

}  // namespace beredd::ticket
