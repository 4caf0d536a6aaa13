#pragma once
// The fence around libetpan's parsers: C allocation, and partial success that looks like success.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/clock.h"

namespace beredd::mail {

struct RawAddress {
  std::string name;  // quotes and escapes undone, encoded words not yet
  std::string address;
};

// Nothing unless libetpan takes the whole value. It takes some that it misreads ("a@example.org
// junk" as one address): whoever asks holds the answer against the value.
std::optional<std::vector<RawAddress>> strict_addresses(std::string_view value);

// Nothing unless the value is a valid date-time (RFC 5322 §3.3) of a real day.
std::optional<base::Instant> strict_date(std::string_view value);

}  // namespace beredd::mail
