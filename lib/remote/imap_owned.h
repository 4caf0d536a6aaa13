#pragma once
// Owners of what libetpan hands out, and dates as it takes them.

#include <chrono>
#include <memory>

#include <date/date.h>
#include <libetpan/libetpan.h>

#include "beredd/base/clock.h"

namespace beredd::remote {

template <auto Free>
struct FreeWith {
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using SearchKey = std::unique_ptr<mailimap_search_key, FreeWith<&mailimap_search_key_free>>;
using FetchType = std::unique_ptr<mailimap_fetch_type, FreeWith<&mailimap_fetch_type_free>>;
using UidSet = std::unique_ptr<mailimap_set, FreeWith<&mailimap_set_free>>;
using FetchList = std::unique_ptr<clist, FreeWith<&mailimap_fetch_list_free>>;
using UidList = std::unique_ptr<clist, FreeWith<&mailimap_search_result_free>>;
using DateTime = std::unique_ptr<mailimap_date_time, FreeWith<&mailimap_date_time_free>>;
using Flags = std::unique_ptr<mailimap_flag_list, FreeWith<&mailimap_flag_list_free>>;

// In UTC: the instant is the same, whatever zone it is written in.
inline DateTime date_time(base::Instant at) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  const auto day = std::chrono::floor<date::days>(whole);
  const date::year_month_day ymd(day);
  const date::hh_mm_ss time(whole - day);
  return DateTime(mailimap_date_time_new(
      static_cast<int>(static_cast<unsigned>(ymd.day())),
      static_cast<int>(static_cast<unsigned>(ymd.month())), static_cast<int>(ymd.year()),
      static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
      static_cast<int>(time.seconds().count()), 0));
}

// The caller's, or whatever it is given to.
inline mailimap_date* day_of(base::Instant at) {
  const date::year_month_day ymd(std::chrono::floor<date::days>(at));
  return mailimap_date_new(static_cast<int>(static_cast<unsigned>(ymd.day())),
                           static_cast<int>(static_cast<unsigned>(ymd.month())),
                           static_cast<int>(ymd.year()));
}

}  // namespace beredd::remote
