#pragma once
// A time zone of the IANA database: between instants and what clocks on the wall show there.

#include <chrono>
#include <string>
#include <string_view>

#include "beredd/base/clock.h"
#include "beredd/base/result.h"

namespace date {
class time_zone;
}

namespace beredd::calendar {

// What a clock on the wall shows, in a zone that goes without saying.
using WallTime = std::chrono::local_time<std::chrono::microseconds>;
using Day = std::chrono::local_days;

// Which instant is meant by a wall time that comes twice, when clocks are turned back.
enum class Twice { first, second };

// A value: cheap to copy, never empty. Any thread.
class Zone {
 public:
  // Reads the system's database (tzdata) at the first call of the process. Errors:
  // permanent/not_found when it has no zone of this name ("Europe/Stockholm").
  static base::Result<Zone> named(std::string_view name);
  static Zone utc();

  const std::string& name() const { return name_; }
  WallTime wall(base::Instant at) const;
  // A wall time that never comes, because clocks are turned forward over it, is the instant at
  // which they are.
  base::Instant instant(WallTime wall, Twice twice) const;

 private:
  Zone(std::string name, const date::time_zone* rules) : name_(std::move(name)), rules_(rules) {}

  std::string name_;
  const date::time_zone* rules_;  // the library's own, for ever; null: UTC
};

}  // namespace beredd::calendar
