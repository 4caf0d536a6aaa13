#include "beredd/base/units.h"

#include <array>
#include <charconv>
#include <optional>
#include <span>

#include <fmt/format.h>

namespace beredd::base {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t size;
};

// Largest first, as durations are written; of two names for one size, the first is printed.
constexpr std::array kSizes = {
    Unit{"TiB", 1ULL << 40}, Unit{"TB", 1'000'000'000'000},
    Unit{"GiB", 1ULL << 30}, Unit{"GB", 1'000'000'000},
    Unit{"MiB", 1ULL << 20}, Unit{"MB", 1'000'000},
    Unit{"KiB", 1ULL << 10}, Unit{"kB", 1'000},
    Unit{"KB", 1'000},       Unit{"B", 1},
};

constexpr std::uint64_t kDay = 86'400'000'000;
constexpr std::uint64_t kWeek = 7 * kDay;
constexpr std::array kTimes = {
    Unit{"w", kWeek},      Unit{"d", kDay},      Unit{"h", 3'600'000'000},
    Unit{"m", 60'000'000}, Unit{"s", 1'000'000}, Unit{"ms", 1'000},
    Unit{"us", 1},
};

constexpr std::string_view kAddSizeUnit = ": add a unit, one of B kB KiB MB MiB GB GiB TB TiB";
constexpr std::string_view kAddTimeUnit = ": add a unit, one of us ms s m h d w";
constexpr std::string_view kTooLarge = ": too large";
constexpr std::string_view kLargestFirst = ": write the larger unit first, and each unit once";

Error bad_size(std::string_view text, std::string_view reason) {
  return permanent(Code::invalid,
                   fmt::format("expected a size such as 40MiB, got \"{}\"{}", text, reason));
}

Error bad_duration(std::string_view text, std::string_view reason) {
  return permanent(
      Code::invalid,
      fmt::format("expected a duration such as 30s or 1h30m, got \"{}\"{}", text, reason));
}

// A whole number and the letters behind it.
struct Term {
  std::uint64_t count = 0;
  bool too_large = false;
  std::string_view unit;
};

// Takes one term off the front of `rest`; nothing when it does not begin with a digit.
std::optional<Term> take_term(std::string_view& rest) {
  constexpr std::string_view kDigits = "0123456789";
  Term term;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), term.count);
  if (error == std::errc::invalid_argument) return std::nullopt;
  term.too_large = error == std::errc::result_out_of_range;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  term.unit = rest.substr(0, rest.find_first_of(kDigits));
  rest.remove_prefix(term.unit.size());
  return term;
}

template <std::size_t N>
const Unit* unit_named(const std::array<Unit, N>& units, std::string_view name) {
  for (const Unit& unit : units) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

std::uint64_t magnitude(Duration duration) {
  const auto count = static_cast<std::uint64_t>(duration.count());
  return duration.count() < 0 ? 0 - count : count;
}

}  // namespace

Result<Bytes> parse_bytes(std::string_view text) {
  std::string_view rest = text;
  const std::optional<Term> term = take_term(rest);
  if (!term) return bad_size(text, "");
  if (term->unit.empty()) return bad_size(text, kAddSizeUnit);
  const Unit* unit = unit_named(kSizes, term->unit);
  if (unit == nullptr || !rest.empty()) return bad_size(text, "");
  std::uint64_t total = 0;
  if (term->too_large || __builtin_mul_overflow(term->count, unit->size, &total)) {
    return bad_size(text, kTooLarge);
  }
  return Bytes(total);
}

Result<Duration> parse_duration(std::string_view text) {
  std::string_view rest = text;
  std::int64_t total = 0;
  const Unit* before = nullptr;
  do {
    const std::optional<Term> term = take_term(rest);
    if (!term) return bad_duration(text, "");
    if (term->unit.empty()) return bad_duration(text, kAddTimeUnit);
    const Unit* unit = unit_named(kTimes, term->unit);
    if (unit == nullptr) return bad_duration(text, "");
    if (before != nullptr && unit->size >= before->size) return bad_duration(text, kLargestFirst);
    before = unit;
    std::int64_t part = 0;
    if (term->too_large || __builtin_mul_overflow(term->count, unit->size, &part) ||
        __builtin_add_overflow(total, part, &total)) {
      return bad_duration(text, kTooLarge);
    }
  } while (!rest.empty());
  return Duration(total);
}

std::string to_string(Bytes bytes) {
  std::string shortest = fmt::format("{}B", bytes.count());
  if (bytes.count() == 0) return shortest;
  for (const Unit& unit : kSizes) {
    if (bytes.count() % unit.size != 0) continue;
    std::string text = fmt::format("{}{}", bytes.count() / unit.size, unit.name);
    if (text.size() < shortest.size()) shortest = std::move(text);
  }
  return shortest;
}

std::string to_string(Duration duration) {
  std::uint64_t rest = magnitude(duration);
  if (rest == 0) return "0s";
  std::string text = duration.count() < 0 ? "-" : "";
  if (rest % kWeek == 0) return text + fmt::format("{}w", rest / kWeek);
  for (const Unit& unit : std::span(kTimes).subspan(1)) {  // "30d", not "4w2d"
    if (const std::uint64_t count = rest / unit.size; count > 0) {
      text += fmt::format("{}{}", count, unit.name);
    }
    rest %= unit.size;
  }
  return text;
}

std::string for_people(Duration duration) {
  const std::uint64_t exact = magnitude(duration);
  const std::string sign = duration.count() < 0 ? "-" : "";
  if (exact == 0) return "0s";
  for (std::size_t i = 1; i + 1 < kTimes.size(); ++i) {  // days to milliseconds
    const Unit& large = kTimes[i];
    const Unit& small = large.size > 1'000 ? kTimes[i + 1] : large;
    const std::uint64_t rounded = (exact + small.size / 2) / small.size * small.size;
    if (rounded < large.size) continue;
    std::string text = fmt::format("{}{}{}", sign, rounded / large.size, large.name);
    const std::uint64_t rest = rounded % large.size / small.size;
    return rest == 0 ? text : text + fmt::format(" {}{}", rest, small.name);
  }
  return fmt::format("{}{}us", sign, exact);
}

std::string for_people(Bytes bytes) {
  constexpr std::array kNames = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  if (bytes.count() < 1024) return fmt::format("{} B", bytes.count());
  double value = static_cast<double>(bytes.count()) / 1024;
  std::size_t i = 0;
  for (; value >= 1023.95 && i + 1 < kNames.size(); ++i) value /= 1024;
  std::string number = fmt::format("{:.1f}", value);
  if (number.ends_with(".0")) number.resize(number.size() - 2);
  return fmt::format("{} {}", number, kNames[i]);
}

}  // namespace beredd::base
