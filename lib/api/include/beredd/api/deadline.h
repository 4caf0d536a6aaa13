#pragma once
// What customers were promised, as the control API shows it.

#include <cstdint>
#include <string>

#include "beredd/base/clock.h"

namespace beredd::api {

// What of a ticket is due first.
struct Due {
  base::Instant at{};
  base::Instant warning{};  // from then on it is due soon
  std::string measure;      // first answer, next answer, solution
  bool overdue = false;     // by the daemon's clock
  friend bool operator==(const Due&, const Due&) = default;
};

// A deadline came near, or was broken; written once.
struct ServiceEvent {
  std::uint64_t seq = 0;  // of the journal
  std::uint64_t ticket = 0;
  std::string kind;     // warning, breach
  std::string measure;  // as above
  base::Instant at{};
  base::Instant began{};    // when the deadline began to run
  base::Instant noticed{};  // when the daemon wrote it down: later than `at` when it was away
  friend bool operator==(const ServiceEvent&, const ServiceEvent&) = default;
};

// How far the journal has come.
struct Changes {
  std::uint64_t seq = 0;
  friend bool operator==(const Changes&, const Changes&) = default;
};

}  // namespace beredd::api
