#pragma once
// Who works, and how work is shared.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "beredd/api/ticket.h"
#include "beredd/base/clock.h"

namespace beredd::api {

struct Absence {
  base::Instant since{};
  std::optional<base::Instant> until;  // null: until they are back
  std::string reason;                  // null: none was given
  std::string by;                      // who said so
  friend bool operator==(const Absence&, const Absence&) = default;
};

struct Colleague {
  std::string name;
  std::string address;  // null: none is known
  std::string role;     // staff, lead, admin
  std::vector<int> lines;
  std::vector<std::string> teams, languages;
  std::string deputy;  // null: nobody
  bool present = true;
  std::optional<Absence> absence;  // null: present
  int load = 0;                    // tickets that wait for them
  friend bool operator==(const Colleague&, const Colleague&) = default;
};

struct Team {
  std::string name;
  std::vector<std::string> people;
  std::vector<std::string> desks;  // empty: all of them
  friend bool operator==(const Team&, const Team&) = default;
};

struct Staffing {
  std::string level;                                   // normal, reduced, critical
  bool set = false;                                    // by hand; else it follows presence
  std::string by;                                      // null: it follows presence
  std::optional<base::Instant> since;                  // likewise
  int presence = 100;                                  // percent of the people
  std::vector<std::string> first, notice_only, waits;  // what the level does to the queue
  friend bool operator==(const Staffing&, const Staffing&) = default;
};

// The one ticket to work on now.
struct Next {
  std::string person;
  std::optional<Ticket> ticket;      // null: there is no work for them
  std::vector<std::string> reasons;  // "urgent", "unanswered for 3 hours, the longest", …
  friend bool operator==(const Next&, const Next&) = default;
};

// Who is answering a ticket, and until when others are kept from it.
struct Lease {
  std::uint64_t ticket = 0;
  std::string holder;
  base::Instant since{}, until{};
  friend bool operator==(const Lease&, const Lease&) = default;
};

struct AbsenceRequest {
  std::optional<base::Instant> until;
  std::string reason;
  friend bool operator==(const AbsenceRequest&, const AbsenceRequest&) = default;
};

struct LineRequest {
  std::string note;
  friend bool operator==(const LineRequest&, const LineRequest&) = default;
};

struct StaffingRequest {
  std::string level;  // normal, reduced, critical; auto: as many are present
  friend bool operator==(const StaffingRequest&, const StaffingRequest&) = default;
};

}  // namespace beredd::api
