#pragma once
// Durations of the configuration as points on the monotonic clock.

#include <algorithm>
#include <chrono>

#include "beredd/base/units.h"

namespace beredd::io {

using SteadyPoint = std::chrono::steady_clock::time_point;

// Durations beyond a year are cut, because the clock counts nanoseconds and would overflow.
inline SteadyPoint steady_in(base::Duration how_long) {
  constexpr base::Duration kLongest = std::chrono::hours(24 * 365);
  return std::chrono::steady_clock::now() + std::clamp(how_long, base::Duration::zero(), kLongest);
}

}  // namespace beredd::io
