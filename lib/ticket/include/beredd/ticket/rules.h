#pragma once
// An organisation's rules: what becomes of a ticket of a kind. Pure.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/pattern.h"
#include "beredd/base/units.h"
#include "beredd/ticket/staffing.h"
#include "beredd/ticket/ticket.h"

namespace beredd::ticket {

// All that is given must hold; of a list, one item.
struct Condition {
  std::vector<Level> levels;
  std::vector<std::string> desks;
  std::vector<std::string> senders;    // addresses, lower case
  std::vector<std::string> domains;    // lower case; those below them too
  std::optional<base::Pattern> words;  // in the subject or the text
  base::Duration older_than{};         // zero: of any age
  std::string field;                   // it was found
  std::optional<base::Pattern> value;  // all of it fits
};

struct Outcome {
  std::optional<Priority> priority;
  std::vector<std::string> tags;
  int line = 0;  // 0: as it is
  std::string team, assign, language;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

struct Rule {
  std::string name;
  Condition when;
  Outcome then;
};

using FieldValues = std::map<std::string, std::string>;

// What is known of a ticket when rules are tried.
struct Facts {
  Level level = Level::normal;
  std::string desk;
  std::vector<std::string> senders;  // addresses, lower case
  std::string text;                  // subject and new text of what is new
  base::Duration waiting{};          // how long the customer has
  FieldValues fields;
};

bool holds(const Condition& condition, const Facts& facts);

struct Verdict {
  std::vector<std::string> rules;  // that applied, in their order
  Outcome outcome;                 // of each value the first that was set; all tags, each once
};

// `done`: names of rules that have applied to this ticket before, and are passed over.
Verdict judge(const std::vector<Rule>& rules, const Facts& facts,
              const std::vector<std::string>& done);

// A custom field and where it is looked for.
struct FieldFinder {
  std::string name;
  base::Pattern pattern;
  std::vector<std::string> desks;  // empty: all of them
};

// The first value of each field in `text`.
FieldValues find_fields(const std::vector<FieldFinder>& finders, std::string_view desk,
                        std::string_view text);

}  // namespace beredd::ticket
