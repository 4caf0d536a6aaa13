#pragma once
// Who works, and who gets what: presence, deputies, the least loaded. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/clock.h"

namespace beredd::ticket {

// Somebody is away, from `since` until `until` (exclusive), or until they are back.
struct Absence {
  std::string person;
  base::Instant since{};
  std::optional<base::Instant> until;
  std::string reason;
  std::string by;  // who said so
  friend bool operator==(const Absence&, const Absence&) = default;
};

bool over(const Absence& absence, base::Instant now);

// Somebody who can be given work.
struct Colleague {
  std::string name;
  std::vector<int> lines;
  std::vector<std::string> teams;
  std::vector<std::string> desks;  // empty: all of them
  std::vector<std::string> languages;
  std::string deputy;  // empty: none
  bool present = true;
  int load = 0;  // tickets that wait for them: new or open, assigned, held here
};

// What a ticket asks of whoever gets it. Empty members ask nothing.
struct Wanted {
  int line = 1;
  std::string desk, team, language;
};

// Null when nobody is called so.
const Colleague* colleague(const std::vector<Colleague>& people, std::string_view name);

bool can_take(const Colleague& person, const Wanted& wanted);

// The present person who can take it and has the least load. Those who speak the language go before
// all others, the earlier of two equals before the later. Null: there is nobody.
const Colleague* least_loaded(const std::vector<Colleague>& people, const Wanted& wanted);

// Who stands in for `person`: their deputy when present, else that one's, and so on. Null when the
// chain ends, or comes back to where it was, before anybody present is found.
const Colleague* stand_in(const std::vector<Colleague>& people, std::string_view person);

// How many people are there, in percent of all; 100 where there is nobody at all.
int presence(const std::vector<Colleague>& people);

}  // namespace beredd::ticket
