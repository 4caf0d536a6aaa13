#pragma once
// The commands on people and on how work is shared; see command.h.

#include <cstdint>
#include <string>

namespace beredd::beredctl {

struct ListPeople {
  std::string name;  // empty: everybody
};
struct SetAbsent {
  std::string name, until, reason;  // `until` as typed
};
struct SetPresent {
  std::string name;
};
struct ListTeams {};

struct ShareTicket {
  enum class How { escalate, deescalate, lease, release };
  How how = How::escalate;
  std::uint64_t id = 0;
  std::string note;
};
struct NextTicket {
  std::string person;  // empty: who asks
};

struct ShowStaffing {};
struct SetStaffing {
  std::string level;
};

}  // namespace beredd::beredctl
