#pragma once
// Dates of mails: what the field says, and the instant that it means.

#include <optional>
#include <string_view>

#include "beredd/base/clock.h"

namespace beredd::mail {

struct CalendarTime {
  int year = 0;
  int month = 0;  // 1–12
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int zone_minutes = 0;  // east of UTC
};

// Nothing when it is no real time between 1970 and 9999. A leap second is the second before it.
std::optional<base::Instant> instant_of(const CalendarTime& time);

// A Date field: by the rules (RFC 5322 §3.3), or the forms that real senders use instead: ctime,
// ISO 8601, trailing comments, missing zones.
std::optional<base::Instant> parse_date(std::string_view value);

}  // namespace beredd::mail
