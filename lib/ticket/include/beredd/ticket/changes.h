#pragma once
// What staff change of a ticket by hand, and how it is taken back. Pure; docs/desk.md tells the
// same to those who work there.

#include <optional>
#include <string>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/base/result.h"
#include "beredd/ticket/ticket.h"

namespace beredd::ticket {

// What is empty stays as it is.
struct Changes {
  std::optional<State> state = {};
  std::optional<base::Instant> until = {};   // of the state pending: when it opens by itself
  std::optional<std::string> assignee = {};  // empty text: nobody
  std::optional<Priority> priority = {};
  std::vector<std::string> add_tags = {}, remove_tags = {};
};

// One thing that was done, in the words of the journal: "assigned", "anna (was bo)".
struct Step {
  std::string what;
  std::string detail;
  friend bool operator==(const Step&, const Step&) = default;
};

// Errors: permanent/invalid when nothing is asked for, or something that no ticket can be: the
// state new, a time that is over or goes with another state, a name or a tag that is none (a tag is
// up to 64 bytes of UTF-8 without blanks, commas and controls; a name up to 128 without controls).
base::Status check(const Changes& changes, base::Instant now);

// What it made of the ticket; nothing where that was so already. `updated` stays.
std::vector<Step> apply(const Changes& changes, Ticket& ticket);

// For the preview and the record: "state pending until 2026-12-01T08:00:00Z, tags +printer -new".
std::string words(const Changes& changes);

// Takes back what led from `before` to `after`, and leaves what happened since: tags that came or
// went otherwise, messages. Errors: permanent/conflict, naming what it is now, when somebody has
// changed the same thing since; the ticket is then as it was.
base::Result<std::vector<Step>> revert(const Ticket& before, const Ticket& after, Ticket& ticket);

// Later than it was in any case, so that whoever remembers `updated` sees that something happened.
void touch(Ticket& ticket, base::Instant now);

}  // namespace beredd::ticket
