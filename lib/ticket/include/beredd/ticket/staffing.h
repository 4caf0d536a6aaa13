#pragma once
// How many people there are for the work, and what that does to the queue. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/ticket/ticket.h"

namespace beredd::ticket {

enum class Level { normal, reduced, critical };
std::string_view name(Level level);
std::optional<Level> level_named(std::string_view text);

// With less than this percentage of the people present; 0: never.
struct Thresholds {
  int reduced_below = 60;
  int critical_below = 30;
};
Level level_at(int presence, const Thresholds& thresholds);

// What one level makes of the queue. Selectors: a priority's name, "tag:X" or "desk:X".
struct LevelPolicy {
  int priority_weight = 100;  // points for a step of priority
  int waiting_weight = 5;     // points for an hour that the customer has waited
  std::vector<std::string> first, notice_only, waits;
};

// first: before all else. usual: by its points. notice: its sender has the automatic notice, nobody
// is given it. wait: nobody is given it until the level is another.
enum class Handling { first, usual, notice, wait };
std::string_view name(Handling handling);

bool selects(std::string_view selector, const Ticket& ticket);
// What several lists select goes by the first of first, waits, notice_only.
Handling handling_of(const Ticket& ticket, const LevelPolicy& policy);

}  // namespace beredd::ticket
