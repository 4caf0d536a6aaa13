// The fence around Howard Hinnant's date library, which throws.

#include "beredd/calendar/zone.h"

#include <exception>

#include <date/tz.h>
#include <fmt/format.h>

namespace beredd::calendar {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

// The second that `since` lies in, also before 1970.
seconds whole(microseconds since) { return std::chrono::floor<seconds>(since); }

}  // namespace

base::Result<Zone> Zone::named(std::string_view name) {
  try {
    const date::time_zone* rules = date::locate_zone(std::string(name));
    // A zone's file is read when it is first asked: now, where a bad one can be told.
    (void)rules->get_info(date::sys_seconds{});
    return Zone(std::string(name), rules);
  } catch (const std::exception& problem) {
    return base::permanent(base::Code::not_found,
                           fmt::format("no time zone is called \"{}\": {}", name, problem.what()));
  }
}

Zone Zone::utc() { return Zone("UTC", nullptr); }

WallTime Zone::wall(base::Instant at) const {
  const microseconds since = at.time_since_epoch();
  if (rules_ == nullptr) return WallTime(since);
  return WallTime(since + rules_->get_info(date::sys_seconds(whole(since))).offset);
}

base::Instant Zone::instant(WallTime wall, Twice twice) const {
  const microseconds since = wall.time_since_epoch();
  if (rules_ == nullptr) return base::Instant(since);
  const date::local_info info = rules_->get_info(date::local_seconds(whole(since)));
  switch (info.result) {
    case date::local_info::nonexistent: return base::Instant(info.first.end.time_since_epoch());
    case date::local_info::ambiguous:
      return base::Instant(since - (twice == Twice::first ? info.first : info.second).offset);
    default: return base::Instant(since - info.first.offset);
  }
}

}  // namespace beredd::calendar
