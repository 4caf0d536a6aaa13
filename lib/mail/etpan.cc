#include "etpan.h"

#include "calendar.h"

#include <chrono>
#include <memory>

#include <libetpan/mailimf.h>

namespace beredd::mail {
namespace {

// Nested comments make libetpan recurse, long lists make it slow: such values are not for it.
constexpr std::size_t kLargestValue = 16 * 1024;

bool is_for_etpan(std::string_view value) {
  return value.size() <= kLargestValue &&
         value.find_first_of("()\0", 0, 3) == std::string_view::npos;
}

bool all_used(std::string_view value, std::size_t used) {
  return value.find_first_not_of(" \t\r\n", used) == std::string_view::npos;
}

struct FreeList {
  void operator()(mailimf_address_list* list) const { mailimf_address_list_free(list); }
};
struct FreeDate {
  void operator()(mailimf_date_time* date) const { mailimf_date_time_free(date); }
};

void add(std::vector<RawAddress>& out, const mailimf_mailbox& mailbox) {
  const char* name = mailbox.mb_display_name;
  out.push_back({name == nullptr ? "" : name, mailbox.mb_addr_spec});
}

void add_group(std::vector<RawAddress>& out, const mailimf_group& group) {
  if (group.grp_mb_list == nullptr) return;
  for (clistiter* at = clist_begin(group.grp_mb_list->mb_list); at != nullptr;
       at = clist_next(at)) {
    add(out, *static_cast<const mailimf_mailbox*>(clist_content(at)));
  }
}

}  // namespace

std::optional<std::vector<RawAddress>> strict_addresses(std::string_view value) {
  if (!is_for_etpan(value)) return std::nullopt;
  mailimf_address_list* parsed = nullptr;
  std::size_t used = 0;
  if (mailimf_address_list_parse(value.data(), value.size(), &used, &parsed) != MAILIMF_NO_ERROR) {
    return std::nullopt;
  }
  const std::unique_ptr<mailimf_address_list, FreeList> list(parsed);
  if (!all_used(value, used)) return std::nullopt;
  std::vector<RawAddress> out;
  for (clistiter* at = clist_begin(list->ad_list); at != nullptr; at = clist_next(at)) {
    const auto& address = *static_cast<const mailimf_address*>(clist_content(at));
    if (address.ad_type == MAILIMF_ADDRESS_MAILBOX) {
      add(out, *address.ad_data.ad_mailbox);
    } else if (address.ad_type == MAILIMF_ADDRESS_GROUP) {
      add_group(out, *address.ad_data.ad_group);
    }
  }
  return out;
}

std::optional<base::Instant> strict_date(std::string_view value) {
  if (!is_for_etpan(value)) return std::nullopt;
  mailimf_date_time* parsed = nullptr;
  std::size_t used = 0;
  if (mailimf_date_time_parse(value.data(), value.size(), &used, &parsed) != MAILIMF_NO_ERROR) {
    return std::nullopt;
  }
  const std::unique_ptr<mailimf_date_time, FreeDate> date(parsed);
  if (!all_used(value, used)) return std::nullopt;
  const int sign = date->dt_zone < 0 ? -1 : 1;
  const int zone = sign * date->dt_zone;
  return instant_of({.year = date->dt_year,
                     .month = date->dt_month,
                     .day = date->dt_day,
                     .hour = date->dt_hour,
                     .minute = date->dt_min,
                     .second = date->dt_sec,
                     .zone_minutes = sign * (zone / 100 * 60 + zone % 100)});
}

}  // namespace beredd::mail
