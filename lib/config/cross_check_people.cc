#include "cross_check.h"
#include "inspect.h"
#include "spelling.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "beredd/base/pattern.h"

namespace beredd::config {
namespace {

// Tells what is wrong with the tables of one name, each with its label and the line of the key.
class Tables {
 public:
  Tables(const Value& root, std::string_view path, Findings& findings)
      : path_(path), tables_(root.tables(path)), findings_(findings) {}

  void error(std::size_t table, std::string_view key, std::string_view text) const {
    findings_.error(line_of(table, key),
                    fmt::format("{}: {}", label_of(path_, tables_[table]), text));
  }
  void warning(std::size_t table, std::string_view key, std::string_view text) const {
    findings_.warning(line_of(table, key),
                      fmt::format("{}: {}", label_of(path_, tables_[table]), text));
  }

  // Reports every value of `key` that was there before, where it comes again.
  void unique(std::string_view key) const {
    std::map<std::string, int> seen;
    for (std::size_t i = 0; i < tables_.size(); ++i) {
      const Value* given = tables_[i].find(key);
      if (given == nullptr || given->type != Value::Type::text || given->text.empty()) continue;
      const auto [first, fresh] = seen.emplace(given->text, given->line);
      if (!fresh) error(i, key, fmt::format("this {} is taken in line {}", key, first->second));
    }
  }

  // Reports each of `named` that is no item of `known`, of which `what` says what they are.
  template <typename Known>
  void exist(std::size_t table, std::string_view key, const std::vector<std::string>& named,
             const Known& known, std::string_view what) const {
    for (const std::string& name : named) {
      const bool there = std::any_of(known.begin(), known.end(),
                                     [&](const auto& one) { return one.name == name; });
      if (!there) error(table, key, fmt::format("there is no {} \"{}\"", what, name));
    }
  }

 private:
  int line_of(std::size_t table, std::string_view key) const {
    const Value* given = tables_[table].find(key);
    return given != nullptr ? given->line : tables_[table].line;
  }

  std::string_view path_;
  const std::vector<Value>& tables_;
  Findings& findings_;
};

std::vector<std::string> one_of(const std::string& name) {
  return name.empty() ? std::vector<std::string>() : std::vector<std::string>{name};
}

void check_persons(const Tables& tables, const Config& config) {
  tables.unique("name");
  tables.unique("login");
  for (std::size_t i = 0; i < config.people.size(); ++i) {
    const Person& person = config.people[i];
    tables.exist(i, "deputy", one_of(person.deputy), config.people, "person");
    if (!person.name.empty() && person.deputy == person.name) {
      tables.error(i, "deputy", "nobody is their own deputy");
    }
    if (person.name == "auto") tables.error(i, "name", "\"auto\" means the least loaded person");
    if (person.lines.empty()) tables.error(i, "lines", "the list is empty");
    if (person.address.empty()) continue;
    const auto address = spell_sender(person.address);
    if (!address) tables.error(i, "address", address.error().detail);
  }
}

void check_teams(const Tables& tables, const Config& config) {
  tables.unique("name");
  for (std::size_t i = 0; i < config.teams.size(); ++i) {
    tables.exist(i, "people", config.teams[i].people, config.people, "person");
    tables.exist(i, "desks", config.teams[i].desks, config.desks, "desk");
  }
}

void check_custom_fields(const Tables& tables, const Config& config) {
  tables.unique("name");
  for (std::size_t i = 0; i < config.custom_fields.size(); ++i) {
    const CustomField& field = config.custom_fields[i];
    tables.exist(i, "desks", field.desks, config.desks, "desk");
    const auto pattern = base::Pattern::compile(field.pattern);
    if (!pattern && !field.pattern.empty()) {
      tables.error(i, "pattern", pattern.error().detail);
    }
  }
}

bool does_nothing(const Rule& rule) {
  return rule.priority == "keep" && rule.tags.empty() && rule.line == 0 && rule.team.empty() &&
         rule.assign.empty() && rule.language.empty();
}

void check_conditions(const Tables& tables, std::size_t i, const Rule& rule, const Config& config) {
  tables.exist(i, "desks", rule.desks, config.desks, "desk");
  tables.exist(i, "field", one_of(rule.field), config.custom_fields, "field");
  if (!rule.value.empty()) {
    const auto pattern = base::Pattern::compile(rule.value);
    if (!pattern) tables.error(i, "value", pattern.error().detail);
    if (rule.field.empty()) tables.error(i, "value", "a value needs the field that has it");
  }
  const bool blank = std::any_of(rule.words.begin(), rule.words.end(),
                                 [](const std::string& word) { return word.empty(); });
  if (blank) tables.error(i, "words", "an empty word is in any text");
  if (blank || rule.words.empty()) return;
  const auto words = base::Pattern::of_words(rule.words);
  if (!words) tables.error(i, "words", words.error().detail);
}

void check_rules(const Tables& tables, const Config& config) {
  tables.unique("name");
  for (std::size_t i = 0; i < config.rules.size(); ++i) {
    const Rule& rule = config.rules[i];
    check_conditions(tables, i, rule, config);
    if (does_nothing(rule)) tables.error(i, "name", "it does nothing");
    tables.exist(i, "team", one_of(rule.team), config.teams, "team");
    if (rule.assign != "auto") {
      tables.exist(i, "assign", one_of(rule.assign), config.people, "person");
    }
    const bool served =
        std::any_of(config.people.begin(), config.people.end(), [&](const Person& person) {
          return std::find(person.lines.begin(), person.lines.end(), rule.line) !=
                 person.lines.end();
        });
    if (rule.line != 0 && !served) {
      tables.warning(i, "line", fmt::format("nobody works in line {}", rule.line));
    }
  }
}

void check_levels(const Value& root, const Config& config, Findings& findings) {
  const Staffing& staffing = config.staffing;
  const Value* table = root.find("staffing");
  if (table != nullptr && staffing.critical_below > staffing.reduced_below) {
    findings.error(table->line,
                   fmt::format("staffing.critical_below: {} is above reduced_below, {}",
                               staffing.critical_below, staffing.reduced_below));
  }
  const Value* rota = root.find("rota");
  if (rota != nullptr && config.rota.assignment == Assignment::automatic && config.people.empty()) {
    findings.error(rota->line,
                   "rota.assignment: \"automatic\" needs people; add a [[person]] table");
  }
}

}  // namespace

void cross_check_people(const Value& root, const Config& config, Findings& findings) {
  check_persons(Tables(root, "person", findings), config);
  check_teams(Tables(root, "team", findings), config);
  check_custom_fields(Tables(root, "field", findings), config);
  check_rules(Tables(root, "rule", findings), config);
  check_levels(root, config, findings);
}

}  // namespace beredd::config
