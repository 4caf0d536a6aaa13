#include "calendar.h"

#include "etpan.h"

#include <array>
#include <charconv>
#include <chrono>
#include <string>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

constexpr std::size_t kLongestDate = 200;

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<int> month_named(std::string_view word) {
  constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                        "jul", "aug", "sep", "oct", "nov", "dec"};
  if (word.size() < 3) return std::nullopt;
  const std::string start = base::lower(word.substr(0, 3));
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (start == kMonths[i]) return static_cast<int>(i) + 1;
  }
  return std::nullopt;
}

// "+0200", "-05:30", "GMT", "EST" (RFC 5322 §4.3).
std::optional<int> zone_named(std::string_view word) {
  struct Zone {
    std::string_view name;
    int hours;
  };
  constexpr std::array<Zone, 14> kZones = {{{"gmt", 0},
                                            {"ut", 0},
                                            {"utc", 0},
                                            {"z", 0},
                                            {"est", -5},
                                            {"edt", -4},
                                            {"cst", -6},
                                            {"cdt", -5},
                                            {"mst", -7},
                                            {"mdt", -6},
                                            {"pst", -8},
                                            {"pdt", -7},
                                            {"cet", 1},
                                            {"cest", 2}}};
  if (word.size() >= 5 && (word[0] == '+' || word[0] == '-')) {
    std::string digits(word.substr(1));
    std::erase(digits, ':');
    const std::optional<int> value = number(digits);
    if (!value || digits.size() != 4) return std::nullopt;
    const int minutes = *value / 100 * 60 + *value % 100;
    return word[0] == '-' ? -minutes : minutes;
  }
  for (const Zone& zone : kZones) {
    if (base::same_ignoring_case(zone.name, word)) return zone.hours * 60;
  }
  return std::nullopt;
}

// Collects what the words of a date say, in whatever order they come.
class Words {
 public:
  std::optional<base::Instant> read(std::string_view value) {
    for (std::size_t at = 0; at < value.size();) {
      const std::size_t end = std::min(value.find_first_of(" \t,;()\r\n", at), value.size());
      if (end > at && !take(value.substr(at, end - at))) return std::nullopt;
      at = end + 1;
    }
    if (numbers_ == 2) {
      const bool year_first = first_ > 31;
      time_.day = year_first ? second_ : first_;
      time_.year = year_first ? first_ : second_;
    }
    if (time_.year < 100) time_.year += time_.year < 50 ? 2000 : 1900;
    return clock_ && time_.month > 0 && time_.day > 0 ? instant_of(time_) : std::nullopt;
  }

 private:
  // False: a number too many, so that the rest would be a guess.
  bool take(std::string_view word) {
    if (word.find(':') != std::string_view::npos && word[0] != '+' && word[0] != '-')
      return clock(word);
    if (const std::optional<int> value = number(word)) return count(*value);
    if (const std::optional<int> zone = zone_named(word)) {
      time_.zone_minutes = *zone;
    } else if (const std::optional<int> month = month_named(word); month && time_.month == 0) {
      time_.month = *month;
    } else if (word.size() >= 8 && word[0] >= '0' && word[0] <= '9') {
      dashed(word);
    }
    return true;
  }

  bool count(int value) {
    if (numbers_ == 0) first_ = value;
    if (numbers_ == 1) second_ = value;
    return ++numbers_ <= 2;
  }

  bool clock(std::string_view word) {
    const auto parts = base::split(word.substr(0, word.find('.')), ':');
    if (parts.size() < 2 || parts.size() > 3) return false;
    const std::optional<int> hour = number(parts[0]);
    const std::optional<int> minute = number(parts[1]);
    const std::optional<int> second = parts.size() == 3 ? number(parts[2]) : std::optional<int>(0);
    if (!hour || !minute || !second) return false;
    time_.hour = *hour;
    time_.minute = *minute;
    time_.second = *second;
    clock_ = true;
    return true;
  }

  // "2026-11-23" and "23-Nov-2026".
  void dashed(std::string_view word) {
    const auto parts = base::split(word, '-');
    if (parts.size() != 3) return;
    const std::optional<int> a = number(parts[0]);
    const std::optional<int> c = number(parts[2]);
    const std::optional<int> named = month_named(parts[1]);
    const std::optional<int> month = named ? named : number(parts[1]);
    if (!a || !c || !month) return;
    time_.month = *month;
    time_.day = *a > 31 ? *c : *a;
    time_.year = *a > 31 ? *a : *c;
  }

  CalendarTime time_;
  bool clock_ = false;
  int numbers_ = 0;
  int first_ = 0;
  int second_ = 0;
};

}  // namespace

std::optional<base::Instant> instant_of(const CalendarTime& time) {
  using namespace std::chrono;
  const year_month_day day{year(time.year), month(static_cast<unsigned>(time.month)),
                           std::chrono::day(static_cast<unsigned>(time.day))};
  const bool sane = time.year >= 1970 && time.year <= 9999 && time.month > 0 && time.day > 0 &&
                    time.hour >= 0 && time.hour < 24 && time.minute >= 0 && time.minute < 60 &&
                    time.second >= 0 && time.second <= 60 && time.zone_minutes > -24 * 60 &&
                    time.zone_minutes < 24 * 60;
  if (!sane || !day.ok()) return std::nullopt;
  return base::Instant(sys_days(day) + hours(time.hour) + minutes(time.minute - time.zone_minutes) +
                       seconds(std::min(time.second, 59)));
}

std::optional<base::Instant> parse_date(std::string_view value) {
  value = base::trim(value.substr(0, kLongestDate));
  if (std::optional<base::Instant> at = strict_date(value)) return at;
  if (base::Result<base::Instant> at = base::parse_rfc3339(value); at.ok()) return *at;
  return Words().read(value);
}

}  // namespace beredd::mail
