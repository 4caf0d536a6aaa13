#pragma once
// Quantities with their units: Bytes, durations, and how both are read and written by people.

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "beredd/base/result.h"

namespace beredd::base {

// A number of octets.
class Bytes {
 public:
  constexpr Bytes() = default;
  explicit constexpr Bytes(std::uint64_t count) : count_(count) {}
  constexpr std::uint64_t count() const { return count_; }
  friend constexpr auto operator<=>(Bytes, Bytes) = default;
  friend constexpr Bytes operator+(Bytes a, Bytes b) { return Bytes(a.count_ + b.count_); }

 private:
  std::uint64_t count_ = 0;
};

constexpr Bytes kibibytes(std::uint64_t n) { return Bytes(n << 10); }
constexpr Bytes mebibytes(std::uint64_t n) { return Bytes(n << 20); }

using Duration = std::chrono::microseconds;

// "40MiB", "64KiB", "1GB", "512B": a whole number and a unit, one of B kB KB KiB MB MiB GB GiB TB
// TiB. Errors: permanent/invalid, saying what was expected.
Result<Bytes> parse_bytes(std::string_view text);

// "250ms", "10s", "5m", "48h", "30d", "2w", and sequences of them, the larger unit first, such as
// "1h30m". Errors: permanent/invalid, saying what was expected.
Result<Duration> parse_duration(std::string_view text);

// A short and exact form that the parsers above read back: "40MiB", "1h30m", "0s". A negative
// duration, which they refuse, gets a minus sign.
std::string to_string(Bytes bytes);
std::string to_string(Duration duration);

// For a person's glance, rounded to two units at most: "3m 20s", "2d 4h", "850ms"; "1.4 MiB".
std::string for_people(Duration duration);
std::string for_people(Bytes bytes);

}  // namespace beredd::base
