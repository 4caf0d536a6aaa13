#pragma once
// What the store keeps about the promises to customers (ticket/service_level.h): per ticket what is
// due next and what has been crossed, and every crossing as an event that is written once.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/base/ids.h"
#include "beredd/ticket/service_level.h"

namespace beredd::store {

// What of a ticket runs and is due first. `warning` is not after `at`.
struct Due {
  base::TicketId ticket;
  base::Instant at{};
  base::Instant warning{};
  ticket::Measure measure = ticket::Measure::first_answer;
  friend bool operator==(const Due&, const Due&) = default;
};

struct TicketDeadlines {
  base::TicketId ticket;
  std::optional<Due> due;
  std::optional<base::Instant> wake;      // when the next crossing comes if nothing happens
  std::vector<ticket::Crossing> crossed;  // all that have been written down, oldest first
  friend bool operator==(const TicketDeadlines&, const TicketDeadlines&) = default;
};

// A crossing as it was written down. Its number is that of its journal entry.
struct ServiceEvent {
  base::JournalSeq seq;
  base::TicketId ticket;
  ticket::Crossing crossing;
  base::Instant noticed{};  // when it was written down; `crossing.at` is when it came
  friend bool operator==(const ServiceEvent&, const ServiceEvent&) = default;
};

// How far a follower of the journal has come.
struct Bookmark {
  base::JournalSeq followed;
  std::string fingerprint;  // of what it followed it by: its part of the configuration
  friend bool operator==(const Bookmark&, const Bookmark&) = default;
};

struct DueCounts {
  std::uint64_t running = 0;  // tickets of which something is to come or overdue
  std::uint64_t soon = 0;     // of them: warned, not overdue
  std::uint64_t overdue = 0;
};

}  // namespace beredd::store
