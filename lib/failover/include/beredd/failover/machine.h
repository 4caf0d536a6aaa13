#pragma once
// When a primary changes its mode: rise and fall, dwell, the daily budget, the operator's pin.
// Pure: time is an argument, nothing is read or written. Not thread-safe.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/failover/mode.h"

namespace beredd::failover {

struct Settings {
  int fall = 3;                                        // failures in a row that make a check "down"
  int rise = 5;                                        // successes in a row that make it "up" again
  int quorum = 1;                                      // checks that must be down to fall
  base::Duration min_dwell = std::chrono::minutes(2);  // probation lasts at least this long
  int daily_budget = 12;                               // falls within 24 h before the mode freezes
};

// What one look at the primary saw. `passive`: seen in real traffic, not by a probe; it can make a
// primary fall, and never keeps it from rising, because in fallback there is no traffic.
struct Observation {
  std::string check;
  bool ok = false;
  base::Instant at{};
  std::string saw;  // one line for the operator: "HTTP 200 in 12 ms", "connection refused"
  bool passive = false;
};

struct Transition {
  Mode from = Mode::normal;
  Mode to = Mode::normal;
  base::Instant at{};
  std::string why;                    // "fell: http 3 of 3 failed"
  std::vector<Observation> evidence;  // the last look of every check
};

// What survives a restart.
struct Standing {
  Mode mode = Mode::normal;
  base::Instant since{};
  bool pinned = false;
  std::vector<base::Instant> falls;  // in the 24 h before `since`, oldest first
};

class Machine {
 public:
  // `checks`: the names of the active checks, at least one. The streaks start at zero. A check that
  // is not among them joins with its first observation.
  Machine(Settings settings, std::vector<std::string> checks, Standing standing);

  // Each returns the transition that it caused, if any. A pinned machine takes everything in and
  // does not move.
  //
  // In normal and suspect every failure counts. In fallback, probation and handback the active
  // checks alone decide: a failure after which `quorum` of them are not up any more ends a
  // probation or a hand-back at once.
  std::optional<Transition> observe(const Observation& observation);
  // What the checks cannot see: proven, drained, hurt. A proof before the dwell is over and a rise
  // while frozen are no news, like every event without an edge.
  std::optional<Transition> on(Event event, base::Instant now, std::string why);

  // Dwell over? True from `since + min_dwell` on, in probation; the caller then proves the canary.
  bool dwell_over(base::Instant now) const;

  // Pins `mode`. Returns nothing when it is that mode already; it is pinned all the same.
  std::optional<Transition> force(Mode mode, base::Instant now, std::string why);
  // Gives the mode back to the checks; the streaks start at zero. Clears the spent budget, because
  // a person has looked.
  void release(base::Instant now);

  // In fallback with a spent budget: only release() or the passing of the day leads out.
  bool frozen(base::Instant now) const;

  const Standing& standing() const { return standing_; }
  Mode mode() const { return standing_.mode; }
  std::vector<Observation> evidence() const;

 private:
  // A check's latest run of failures or successes; one of the two counts is zero.
  struct Streak {
    bool passive = false;
    int failures = 0;
    int successes = 0;
    std::optional<Observation> last;
  };
  Streak& note(const Observation& observation);
  std::optional<Event> judge(const Streak& streak) const;
  bool is_news(Event event, base::Instant now) const;
  std::optional<Transition> move(Mode to, base::Instant now, std::string why);

  int quorum() const;         // of the settings, at most the number of active checks
  int down() const;           // checks, active and passive, with `fall` failures in a row
  int not_up() const;         // active checks without `rise` successes in a row
  bool some_failing() const;  // the last look of some check was a failure

  Settings settings_;
  Standing standing_;
  std::map<std::string, Streak> streaks_;  // by check, active and passive
};

}  // namespace beredd::failover
