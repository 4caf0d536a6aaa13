#pragma once
// The modes of a primary and the whole table of their edges. Data only; the compiler checks it.

#include <array>
#include <optional>
#include <string_view>

namespace beredd::failover {

enum class Mode { normal, suspect, fallback, probation, handback };

enum class Event {
  failed,     // some check began to fail
  recovered,  // no check is failing any more, before the fall was reached
  fell,       // `fall` failures in a row, by enough checks
  rose,       // `rise` successes in a row, by enough checks, and the budget allows it
  proven,     // the canary has become visible and the dwell is over
  drained,    // nothing is left to hand back
  hurt,       // the primary refused or lost too much of what we handed back
};

struct Edge {
  Mode from;
  Event event;
  Mode to;
};

inline constexpr std::array kEdges = {
    Edge{Mode::normal, Event::failed, Mode::suspect},
    Edge{Mode::normal, Event::fell, Mode::fallback},
    Edge{Mode::suspect, Event::recovered, Mode::normal},
    Edge{Mode::suspect, Event::fell, Mode::fallback},
    Edge{Mode::fallback, Event::rose, Mode::probation},
    Edge{Mode::probation, Event::failed, Mode::fallback},
    Edge{Mode::probation, Event::fell, Mode::fallback},
    Edge{Mode::probation, Event::hurt, Mode::fallback},
    Edge{Mode::probation, Event::proven, Mode::handback},
    Edge{Mode::handback, Event::failed, Mode::fallback},
    Edge{Mode::handback, Event::fell, Mode::fallback},
    Edge{Mode::handback, Event::hurt, Mode::fallback},
    Edge{Mode::handback, Event::drained, Mode::normal},
};

// The mode after `event`, or nothing where the table has no such edge: the event is then no news.
constexpr std::optional<Mode> step(Mode from, Event event) {
  for (const Edge& edge : kEdges) {
    if (edge.from == from && edge.event == event) return edge.to;
  }
  return std::nullopt;
}

static_assert(step(Mode::normal, Event::failed) == Mode::suspect);
static_assert(step(Mode::suspect, Event::fell) == Mode::fallback);
static_assert(step(Mode::probation, Event::failed) == Mode::fallback);
static_assert(step(Mode::handback, Event::drained) == Mode::normal);
static_assert(!step(Mode::fallback, Event::proven), "only a probation ends in a hand-back");
static_assert(!step(Mode::normal, Event::drained));

std::string_view name(Mode mode);
std::string_view name(Event event);
std::optional<Mode> mode_named(std::string_view text);

// Does mail wait in this mode (true), or go on to the primary at once (false)?
constexpr bool holds(Mode mode) { return mode == Mode::fallback || mode == Mode::probation; }

}  // namespace beredd::failover
