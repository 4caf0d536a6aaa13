#pragma once
// Primaries as the control API shows them: modes, checks, the giving back, and the whole at a
// glance.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "beredd/api/notice.h"
#include "beredd/base/clock.h"
#include "beredd/base/units.h"

namespace beredd::api {

// What one look at a primary saw.
struct Evidence {
  std::string check;
  bool ok = false;
  base::Instant at{};
  std::string saw;
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

// One line of `failover status`.
struct PrimaryStatus {
  std::string primary;
  std::string mode;  // normal, suspect, fallback, probation, handback
  base::Instant since{};
  bool pinned = false;  // an operator forced the mode
  bool frozen = false;  // it fell too often today
  std::vector<Evidence> evidence;
  friend bool operator==(const PrimaryStatus&, const PrimaryStatus&) = default;
};

struct Transition {
  std::string primary;
  std::string from, to;
  base::Instant at{};
  std::string why;
  std::vector<Evidence> evidence;
  friend bool operator==(const Transition&, const Transition&) = default;
};

// One line of `check list`. `ok`, `at` and `saw` are null until the check has run.
struct CheckStatus {
  std::string primary;
  std::string check;
  std::string kind;
  std::string looks_at;
  std::string every;  // "10s"
  std::optional<bool> ok;
  std::optional<base::Instant> at;
  std::string saw;
  friend bool operator==(const CheckStatus&, const CheckStatus&) = default;
};

// One line of `handback status`.
struct HandbackStatus {
  std::string primary;
  std::uint64_t held = 0, queued = 0, offered = 0, acknowledged = 0, proven = 0, quarantined = 0;
  std::optional<base::Instant>
      oldest;       // when the oldest mail that waits was received; null: none waits
  double rate = 0;  // acknowledged per second
  std::uint64_t suppressed = 0, expired = 0;
  bool paused = false;
  bool needs_run = false;  // waits for `handback run`
  std::uint64_t waiting() const { return held + queued + offered; }
  friend bool operator==(const HandbackStatus&, const HandbackStatus&) = default;
};

struct PlannedTicket {
  std::uint64_t ticket = 0;
  std::string subject;
  std::vector<std::uint64_t> messages;
  base::Bytes size;
  friend bool operator==(const PlannedTicket&, const PlannedTicket&) = default;
};

struct Plan {
  std::string primary;
  std::uint64_t messages = 0;  // in all, also of tickets that are not listed
  std::vector<PlannedTicket> tickets;
  friend bool operator==(const Plan&, const Plan&) = default;
};

// A mail that the primary took and that is not there once, byte for byte.
struct Discrepancy {
  std::string kind;  // missing, doubled, altered
  std::uint64_t message = 0;
  std::uint64_t ticket = 0;
  std::string words;  // what was seen there
  friend bool operator==(const Discrepancy&, const Discrepancy&) = default;
};

// What `handback reconcile` sees; of one under way, so far.
struct Reconciliation {
  std::string primary;
  base::Instant started{};
  std::optional<base::Instant> ended;
  bool clean = false;  // ended, and nothing missing, doubled, altered or quarantined
  std::uint64_t total = 0, looked_up = 0;
  std::uint64_t missing = 0, doubled = 0, altered = 0;
  std::uint64_t uncompared = 0;            // found; a double or another text would not show
  std::uint64_t fresh = 0;                 // not there yet, given too lately to be missing
  std::uint64_t waiting = 0;               // not given back yet
  std::uint64_t quarantined = 0;           // suspended
  std::string failure;                     // why it ended early
  std::vector<Discrepancy> discrepancies;  // the first 1,000
  friend bool operator==(const Reconciliation&, const Reconciliation&) = default;
};

struct QuarantinedItem {
  std::uint64_t message = 0;
  std::optional<std::uint64_t> ticket;
  std::string primary;
  int attempts = 0;
  base::Instant since{};
  std::string words;  // why: the primary's answer, or ours
  std::string subject;
  std::string from;  // null: nobody
  friend bool operator==(const QuarantinedItem&, const QuarantinedItem&) = default;
};

// One primary within Status: the members of both, side by side in one JSON object.
struct PrimaryOverview {
  PrimaryStatus failover;
  HandbackStatus handback;
  friend bool operator==(const PrimaryOverview&, const PrimaryOverview&) = default;
};

// What the desk has written and is still here.
struct OutgoingStatus {
  bool possible = false;  // there is a way out
  std::uint64_t waiting = 0, quarantined = 0;
  std::optional<base::Instant> oldest;  // when the oldest that waits was written; null: none waits
  friend bool operator==(const OutgoingStatus&, const OutgoingStatus&) = default;
};

struct Status {
  std::string node;
  std::string version;
  base::Instant now{};  // the daemon's clock
  std::vector<PrimaryOverview> primaries;
  std::uint64_t messages = 0, tickets = 0, unsorted = 0;
  std::uint64_t unindexed = 0;               // messages that the search does not know yet
  base::Bytes room;                          // free for further mail
  std::optional<base::Instant> oldest_held;  // null: nothing waits
  std::optional<base::Instant> last_backup;  // null: never
  std::optional<base::Instant> last_drill;   // null: never
  OutgoingStatus outgoing;
  std::uint64_t due = 0;                    // tickets of which something promised runs
  std::uint64_t due_soon = 0, overdue = 0;  // of them
  std::vector<NoticeStatus> notices;        // of each desk that sends any
  friend bool operator==(const Status&, const Status&) = default;
};

}  // namespace beredd::api
