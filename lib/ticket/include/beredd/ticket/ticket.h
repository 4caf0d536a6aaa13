#pragma once
// A ticket: a conversation of messages, as staff work on it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/base/ids.h"
#include "beredd/mail/reading.h"

namespace beredd::ticket {

enum class State { fresh, open, pending, solved, closed };  // fresh is written "new"
enum class Custody { primary, fallback, returned };
enum class Priority { low, normal, high, urgent };

std::string_view name(State state);
std::string_view name(Custody custody);
std::string_view name(Priority priority);
std::optional<State> state_named(std::string_view text);
std::optional<Custody> custody_named(std::string_view text);
std::optional<Priority> priority_named(std::string_view text);

struct Ticket {
  base::TicketId id;
  std::string desk;
  std::string subject;  // of its first message
  State state = State::fresh;
  Custody custody = Custody::primary;
  int line = 1;  // 1st, 2nd, 3rd
  Priority priority = Priority::normal;
  std::string assignee;
  std::vector<std::string> tags;
  mail::Address requester;
  base::Instant created{};
  base::Instant updated{};
  bool undelivered = false;            // a report says that a mail of it did not arrive
  std::vector<base::TicketId> linked;  // others that it is about, but that it is not part of
  std::vector<base::TicketId> merged;  // former tickets that went up in this one
  // Of a pending one: it opens again by itself then. Nothing: only when somebody writes.
  std::optional<base::Instant> pending_until = {};
  friend bool operator==(const Ticket&, const Ticket&) = default;
};

}  // namespace beredd::ticket
