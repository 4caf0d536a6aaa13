#pragma once
// The commands by which staff act on tickets; see command.h.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace beredd::beredctl {

using TicketIds = std::vector<std::uint64_t>;

struct NoteTickets {
  TicketIds ids;
  std::optional<std::string> text;
  std::string file;  // "-" or, without a text, empty: standard input
};

// What is empty stays as it is. Times as typed.
struct TicketChanges {
  std::string state = {}, until = {}, priority = {};
  std::optional<std::string> assignee = {};
  std::vector<std::string> add_tags = {}, remove_tags = {};
};
struct ChangeTickets {
  TicketIds ids;
  TicketChanges changes;
  std::string if_updated = {};
  bool take_over = false;
};
struct BulkChange {
  std::string state, desk, assignee, custody, search;  // which tickets
  bool all = false;                                    // none of these is given on purpose
  TicketChanges changes;
  bool dry_run = false;
  bool yes = false;
};
struct UndoBulk {};

struct MergeTickets {
  TicketIds ids;
  std::uint64_t into = 0;
  std::string reason;
};
struct SplitTicket {
  std::uint64_t id = 0;
  std::uint64_t message = 0;
  std::string reason;
};

}  // namespace beredd::beredctl
