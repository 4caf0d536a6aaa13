#include "beredd/ticket/staffing.h"

#include <algorithm>
#include <array>

namespace beredd::ticket {
namespace {

constexpr std::array<std::string_view, 3> kLevels = {"normal", "reduced", "critical"};
constexpr std::array<std::string_view, 4> kHandlings = {"first", "usual", "notice", "wait"};

bool any_selects(const std::vector<std::string>& selectors, const Ticket& ticket) {
  return std::any_of(selectors.begin(), selectors.end(),
                     [&](const std::string& one) { return selects(one, ticket); });
}

}  // namespace

std::string_view name(Level level) { return kLevels[static_cast<std::size_t>(level)]; }
std::string_view name(Handling handling) { return kHandlings[static_cast<std::size_t>(handling)]; }

std::optional<Level> level_named(std::string_view text) {
  for (const Level level : {Level::normal, Level::reduced, Level::critical}) {
    if (name(level) == text) return level;
  }
  return std::nullopt;
}

Level level_at(int presence, const Thresholds& thresholds) {
  if (presence < thresholds.critical_below) return Level::critical;
  return presence < thresholds.reduced_below ? Level::reduced : Level::normal;
}

bool selects(std::string_view selector, const Ticket& ticket) {
  constexpr std::string_view kTag = "tag:", kDesk = "desk:";
  if (selector.starts_with(kDesk)) return selector.substr(kDesk.size()) == ticket.desk;
  if (!selector.starts_with(kTag)) return selector == name(ticket.priority);
  const std::string_view tag = selector.substr(kTag.size());
  return std::find(ticket.tags.begin(), ticket.tags.end(), tag) != ticket.tags.end();
}

Handling handling_of(const Ticket& ticket, const LevelPolicy& policy) {
  if (any_selects(policy.first, ticket)) return Handling::first;
  if (any_selects(policy.waits, ticket)) return Handling::wait;
  return any_selects(policy.notice_only, ticket) ? Handling::notice : Handling::usual;
}

}  // namespace beredd::ticket
