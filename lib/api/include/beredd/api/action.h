#pragma once
// What staff ask to be done to tickets, and what became of it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "beredd/base/clock.h"

namespace beredd::api {

// A ticket as somebody saw it: the action fails when its `updated` is another one by now.
struct SeenTicket {
  std::uint64_t id = 0;
  std::optional<base::Instant> if_updated;  // null: however it is
  friend bool operator==(const SeenTicket&, const SeenTicket&) = default;
};

// What is null stays as it is.
struct ChangeRequest {
  std::vector<SeenTicket> tickets;
  std::string state;                    // open, pending, solved, closed
  std::optional<base::Instant> until;   // of pending: when it opens by itself
  std::optional<std::string> assignee;  // "me": who asks; "" or "nobody": nobody
  std::string priority;                 // low, normal, high, urgent
  std::optional<std::vector<std::string>> add_tags, remove_tags;
  std::optional<bool> bulk;       // keep it for the undoing; of several tickets it always is
  std::optional<bool> take_over;  // of "me": also from another person; null: no
  friend bool operator==(const ChangeRequest&, const ChangeRequest&) = default;
};

struct NoteRequest {
  std::vector<std::uint64_t> tickets;
  std::string text;
  friend bool operator==(const NoteRequest&, const NoteRequest&) = default;
};

struct MergeRequest {
  std::vector<SeenTicket> tickets;  // go up in `into`
  std::uint64_t into = 0;
  std::string reason;  // null: none given
  friend bool operator==(const MergeRequest&, const MergeRequest&) = default;
};

struct SplitRequest {
  std::uint64_t message = 0;
  std::optional<base::Instant> if_updated;
  std::string reason;  // null: none given
  friend bool operator==(const SplitRequest&, const SplitRequest&) = default;
};

// A ticket that the undoing left alone.
struct LeftTicket {
  std::uint64_t id = 0;
  std::string why;
  friend bool operator==(const LeftTicket&, const LeftTicket&) = default;
};

struct Undone {
  std::string what;  // what had been done
  base::Instant at{};
  std::vector<std::uint64_t> tickets;
  std::vector<LeftTicket> left;
  friend bool operator==(const Undone&, const Undone&) = default;
};

}  // namespace beredd::api
