#pragma once
// The schema's part on what is done first when people are few.

#include <array>
#include <string_view>

#include "beredd/config/schema.h"

namespace beredd::config {

inline constexpr std::array kStaffing = {
    Key{.path = "staffing", .kind = Kind::table, .help = "What is done first when people are few."},
    Key{.path = "staffing.reduced_below",
        .kind = Kind::integer,
        .standard = "60",
        .minimum = "0",
        .maximum = "101",
        .help = "With less than this percentage of the people present, the level is reduced."},
    Key{.path = "staffing.critical_below",
        .kind = Kind::integer,
        .standard = "30",
        .minimum = "0",
        .maximum = "101",
        .help = "Likewise: critical."},
};

// The keys of one level: what differs between them is the way there and the standard values.
struct LevelPaths {
  std::string_view table, priority_weight, waiting_weight, first, notice_only, waits;
};
struct LevelStandards {
  std::string_view priority_weight, first, notice_only, waits;
};
constexpr std::array<Key, 6> staffing_level(const LevelPaths& at, std::string_view help,
                                            const LevelStandards& standard) {
  return {
      Key{.path = at.table, .kind = Kind::table, .help = help},
      Key{.path = at.priority_weight,
          .kind = Kind::integer,
          .standard = standard.priority_weight,
          .minimum = "0",
          .maximum = "10000",
          .help = "Points for each step of priority."},
      Key{.path = at.waiting_weight,
          .kind = Kind::integer,
          .standard = "5",
          .minimum = "0",
          .maximum = "10000",
          .help = "Points for each hour that the customer has waited."},
      Key{.path = at.first,
          .kind = Kind::list,
          .standard = standard.first,
          .help = "What is answered before all else: priorities, tag:X, desk:X.",
          .of = Kind::selector},
      Key{.path = at.notice_only,
          .kind = Kind::list,
          .standard = standard.notice_only,
          .help = "What is handed to nobody: its sender has the automatic notice.",
          .of = Kind::selector},
      Key{.path = at.waits,
          .kind = Kind::list,
          .standard = standard.waits,
          .help = "What is handed to nobody until the level is another.",
          .of = Kind::selector},
  };
}

inline constexpr auto kNormalStaffing = staffing_level(
    {"staffing.normal", "staffing.normal.priority_weight", "staffing.normal.waiting_weight",
     "staffing.normal.first", "staffing.normal.notice_only", "staffing.normal.waits"},
    "The queue when nearly all are there.", {"100", "[]", "[]", "[]"});
inline constexpr auto kReducedStaffing = staffing_level(
    {"staffing.reduced", "staffing.reduced.priority_weight", "staffing.reduced.waiting_weight",
     "staffing.reduced.first", "staffing.reduced.notice_only", "staffing.reduced.waits"},
    "The queue when some are missing.", {"100", R"(["urgent"])", "[]", R"(["low"])"});
inline constexpr auto kCriticalStaffing = staffing_level(
    {"staffing.critical", "staffing.critical.priority_weight", "staffing.critical.waiting_weight",
     "staffing.critical.first", "staffing.critical.notice_only", "staffing.critical.waits"},
    "The queue when hardly anybody is there.",
    {"200", R"(["urgent"])", R"(["normal"])", R"(["low"])"});

}  // namespace beredd::config
