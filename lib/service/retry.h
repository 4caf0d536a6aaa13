#pragma once
// When a deferred message is tried again (RFC 5321 §4.5.4.1). Pure.

#include <algorithm>
#include <vector>

#include "beredd/base/units.h"

namespace beredd::service {

// The wait after attempt number `attempts` (counted from 1): the schedule's entry, or its last for
// ever.
inline base::Duration wait_after(const std::vector<base::Duration>& schedule, int attempts) {
  if (schedule.empty()) return std::chrono::minutes(30);
  const auto index = static_cast<std::size_t>(attempts > 0 ? attempts - 1 : 0);
  return index < schedule.size() ? schedule[index] : schedule.back();
}

// Connecting failed `times` in a row: 1, 2, 4 … 30 s.
inline base::Duration reconnect_after(int times) {
  const int doublings = times < 5 ? times - 1 : 5;
  const base::Duration wait = std::chrono::seconds(1LL << (doublings > 0 ? doublings : 0));
  return wait < std::chrono::seconds(30) ? wait : base::Duration(std::chrono::seconds(30));
}

// The longest wait that is ever planned. A time that lies further ahead was set by a clock that was
// ahead itself.
inline base::Duration longest_wait(const std::vector<base::Duration>& schedule) {
  base::Duration longest = std::max(reconnect_after(100), wait_after(schedule, 1));
  for (const base::Duration wait : schedule) longest = std::max(longest, wait);
  return longest;
}

}  // namespace beredd::service
