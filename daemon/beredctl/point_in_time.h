#pragma once
// Times as people type them.

#include <string_view>

#include "beredd/base/clock.h"

namespace beredd::beredctl {

// "24h" (that long ago), RFC 3339, or a local "2026-11-23", "2026-11-23 01:30", "2026-11-23
// 01:30:00". Errors: permanent/invalid.
base::Result<base::Instant> point_in_time(std::string_view text, base::Instant now);

// The same of what is still to come: "2h" is in two hours.
base::Result<base::Instant> time_to_come(std::string_view text, base::Instant now);

}  // namespace beredd::beredctl
