#pragma once
// Who works at the desks, and what is to be done first: the part of the configuration that a desk
// can do without. Where no person is named, whoever may call is known by login, and nothing is
// assigned, ruled or held back.

#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/units.h"

namespace beredd::config {

// Each may what those before it may. staff: tickets, and their own presence. lead: everybody's
// presence, and the staffing level. admin: as lead; what later versions keep from leads.
enum class PersonRole { staff, lead, admin };
std::string_view name(PersonRole role);

struct Person {
  std::string name;
  std::string login;          // of the system; when not given, the name
  std::string address;        // a header address; may be empty
  std::vector<int> lines{1};  // 1 to 3
  PersonRole role = PersonRole::staff;
  std::string deputy;                  // a person's name; empty: none
  std::vector<std::string> languages;  // "sv", "fi"
};

struct Team {
  std::string name;
  std::vector<std::string> people;
  std::vector<std::string> desks;  // empty: every desk
};

// A value that is found in mail, such as a customer's number.
struct CustomField {
  std::string name;
  std::string pattern;             // RE2
  std::vector<std::string> desks;  // empty: every desk
};

// All that is given must hold; of a list, one item. Then all that is given is done.
struct Rule {
  std::string name;
  std::vector<std::string> staffing;  // levels at which it applies; empty: at every
  std::vector<std::string> desks, senders, domains, words;
  base::Duration older_than{};  // zero: of any age
  std::string field, value;     // it is found; and all of it fits this pattern of RE2

  std::string priority = "keep";
  std::vector<std::string> tags;
  int line = 0;          // 0: as it is
  std::string team;      // whose people it is for
  std::string assign;    // a person's name, or "auto"
  std::string language;  // that the customer is to be answered in
};

// What one staffing level makes of the queue. Selectors: a priority's name, "tag:X" or "desk:X".
struct StaffingLevel {
  int priority_weight = 100;  // points for a step of priority
  int waiting_weight = 5;     // points for an hour that the customer has waited
  std::vector<std::string> first, notice_only, waits;
};

struct Staffing {
  int reduced_below = 60;  // percent of the people that are present
  int critical_below = 30;
  StaffingLevel normal;
  StaffingLevel reduced{100, 5, {"urgent"}, {}, {"low"}};
  StaffingLevel critical{200, 5, {"urgent"}, {"normal"}, {"low"}};
};

enum class Assignment { manual, automatic };

struct Rota {
  Assignment assignment = Assignment::manual;
  base::Duration lease = std::chrono::minutes(15);  // how long an opened answer keeps others away
};

}  // namespace beredd::config
