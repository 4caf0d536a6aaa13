#include "point_in_time.h"

#include <ctime>
#include <optional>
#include <string>

#include <fmt/format.h>

namespace beredd::beredctl {
namespace {

std::optional<base::Instant> local(const std::string& text, const char* format) {
  std::tm fields{};
  const char* end = ::strptime(text.c_str(), format, &fields);
  if (end == nullptr || *end != '\0') return std::nullopt;
  fields.tm_isdst = -1;
  const std::time_t seconds = std::mktime(&fields);
  if (seconds == -1) return std::nullopt;
  return base::Instant(std::chrono::seconds(seconds));
}

}  // namespace

base::Result<base::Instant> point_in_time(std::string_view text, base::Instant now) {
  if (const auto ago = base::parse_duration(text)) return now - *ago;
  if (const auto at = base::parse_rfc3339(text)) return *at;
  for (const char* format : {"%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"}) {
    if (const auto at = local(std::string(text), format)) return *at;
  }
  return base::permanent(
      base::Code::invalid,
      fmt::format("\"{}\" is no time: say 24h, 2026-11-23 or 2026-11-23T01:30:00Z", text));
}

base::Result<base::Instant> time_to_come(std::string_view text, base::Instant now) {
  if (const auto in = base::parse_duration(text)) return now + *in;
  return point_in_time(text, now);
}

}  // namespace beredd::beredctl
