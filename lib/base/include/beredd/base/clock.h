#pragma once
// Time as a port. `main` owns the real clock, tests own one that they turn by hand.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "beredd/base/result.h"
#include "beredd/base/units.h"

namespace beredd::base {

// A point on the wall clock, UTC, in microseconds since 1970.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

// Any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
  // A clock that nobody sets, for measuring how long something takes: only differences mean
  // anything.
  virtual Instant steady() const { return now(); }
};

class SystemClock final : public Clock {
 public:
  Instant now() const override;
  Instant steady() const override;
};

// Stands still until told otherwise. Any thread.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : now_(start) {}
  Instant now() const override;
  void advance(Duration by);
  void set(Instant now);

 private:
  std::atomic<Instant> now_;
};

// RFC 3339 in UTC with the fewest fraction digits that lose nothing: "2026-11-23T01:30:26.5Z".
std::string rfc3339(Instant at);
// Accepts any offset and up to nine fraction digits, of which it keeps six. A leap second counts as
// the second after it. Errors: permanent/invalid.
Result<Instant> parse_rfc3339(std::string_view text);

// RFC 5322 §3.3 date-time in UTC: "Mon, 23 Nov 2026 01:30:26 +0000".
std::string rfc5322(Instant at);

// For a person, in the local time zone of the process: "2026-11-23 02:30:26".
std::string local_time(Instant at);

constexpr std::int64_t micros(Instant at) { return at.time_since_epoch().count(); }
constexpr Instant from_micros(std::int64_t us) { return Instant(std::chrono::microseconds(us)); }

}  // namespace beredd::base
