#pragma once
// What a customer was promised, in open time: how soon the first answer, the next answer and the
// solution come. Pure: from what happened to a ticket to the instants at which its promises are
// near their end, and are broken.
//
// Whose turn it is decides whether the time runs. It is ours from a mail of the customer until an
// answer, and while the state says so; it is the customer's after an answer and while the ticket is
// pending; it is nobody's when it is solved or closed.

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/calendar/hours.h"
#include "beredd/ticket/ticket.h"

namespace beredd::ticket {

enum class Measure { first_answer, next_answer, solution };
std::string_view name(Measure measure);  // "first answer"

// Open time that each may take; nothing: not promised.
struct ServiceLevel {
  std::optional<base::Duration> first_answer, next_answer, solution;
  int warning = 75;  // percent of it after which a warning is due
};

// arrival: a mail of the customer's. answer: a mail of ours to the customer. state: it became
// `state`.
struct Happening {
  enum class Kind { arrival, answer, state };
  Kind kind = Kind::arrival;
  base::Instant at{};
  State state = State::open;
};

// One promise of one ticket. `measure` and `began` together name it for good.
struct Deadline {
  enum class Standing {
    running,  // our turn
    resting,  // not our turn
    ended,    // answered or solved
  };
  Measure measure = Measure::first_answer;
  base::Instant began{};
  Standing standing = Standing::running;
  base::Duration allowed{};  // open time, as is `used`
  base::Duration used{};  // up to the last turn's end; of a running one, up to when it last began
  // When the warning's share, and all of it, has been used: in the past, or, while it runs, to
  // come. Nothing: it ended or rests before that, or the desk does not open again.
  std::optional<base::Instant> warning, due;
  friend bool operator==(const Deadline&, const Deadline&) = default;
};

// The deadlines in the order in which they began; a next answer has one for each question.
// `happenings` in order of time. One that ends at the very instant at which it is due is kept.
std::vector<Deadline> deadlines(const calendar::Hours& hours, const ServiceLevel& level,
                                std::span<const Happening> happenings);

struct Crossing {
  enum class Kind { warning, breach };
  Kind kind = Kind::warning;
  Measure measure = Measure::first_answer;
  base::Instant began{};  // of the deadline
  base::Instant at{};
  friend bool operator==(const Crossing&, const Crossing&) = default;
};
std::string_view name(Crossing::Kind kind);

// What has been crossed up to `now`, the longest ago first. Of a deadline that was broken before
// anybody looked, both its warning and its breach.
std::vector<Crossing> crossings(std::span<const Deadline> deadlines, base::Instant now);
// The first one after `now`, if nothing happens until then.
std::optional<base::Instant> next_crossing(std::span<const Deadline> deadlines, base::Instant now);
// The one that staff work towards: of those that run, the one due first.
const Deadline* most_urgent(std::span<const Deadline> deadlines);

}  // namespace beredd::ticket
