#pragma once
// The order of the queue, and the one ticket that a person is to work on now. Pure.

#include <optional>
#include <string>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/ticket/lease.h"
#include "beredd/ticket/rota.h"
#include "beredd/ticket/staffing.h"
#include "beredd/ticket/ticket.h"

namespace beredd::ticket {

// A ticket that somebody should answer: new or open, held here.
struct Candidate {
  Ticket ticket;
  // Since when its customer waits: the oldest mail that no answer of ours followed. Nothing: the
  // last word was ours.
  std::optional<base::Instant> waiting_since;
  bool answered = false;       // it was, at least once
  std::string team, language;  // that it is for; empty: any
  std::string holder;          // of a lease in force; empty: nobody
};

struct Ranked {
  const Candidate* candidate = nullptr;
  Handling handling = Handling::usual;
  long points = 0;
};

// First before usual before what is handed to nobody; then more points, then the longer wait, then
// the lower number. A ticket whose customer does not wait comes behind all others of its handling.
std::vector<Ranked> rank(const std::vector<Candidate>& queue, const LevelPolicy& policy,
                         base::Instant now);

struct Next {
  const Candidate* candidate = nullptr;
  // "urgent", "tag:vip goes first", "assigned to you", "for your team billing", "unanswered for 3
  // hours, the longest", "waits again for 12 minutes", "you speak fi"; at least one.
  std::vector<std::string> reasons;
};

// What they are answering already; else the first by rank of what the person can take, is nobody
// else's, is leased to nobody else, and has a customer who waits. What is assigned to them counts a
// step of priority more, what asks for a language of theirs half a step. Nothing: there is no work
// for them.
std::optional<Next> next_for(const Colleague& person, const std::vector<Candidate>& queue,
                             const LevelPolicy& policy, base::Instant now);

}  // namespace beredd::ticket
