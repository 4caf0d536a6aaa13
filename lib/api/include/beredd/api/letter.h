#pragma once
// What the desk writes, as the control API takes and shows it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "beredd/api/ticket.h"
#include "beredd/base/clock.h"
#include "beredd/base/units.h"

namespace beredd::api {

// What one finds who begins to write.
struct Draft {
  std::string kind;  // answer, forward
  std::uint64_t ticket = 0;
  std::optional<std::uint64_t> message;  // that is answered or sent on; null: the ticket has none
  Person from;
  std::vector<Person> to;
  std::vector<Person> others;  // who had that mail too, and is none of the desk's
  std::string subject;
  std::string text;  // the original, announced and quoted
  friend bool operator==(const Draft&, const Draft&) = default;
};

// The body of an answer, a first mail or a forward. What is left out is as in the draft.
struct LetterRequest {
  std::string text;
  std::string subject;                             // null: the draft's
  std::string desk;                                // of a first mail
  std::optional<std::uint64_t> message;            // answered or sent on
  std::optional<std::vector<std::string>> to, cc;  // "Anna <anna@example.org>"
  std::optional<std::vector<std::string>> files;   // ids of uploads
  std::string afterwards;                          // waits, open, solved; null: waits
  std::optional<bool> take;                        // also when the platform has the ticket
  friend bool operator==(const LetterRequest&, const LetterRequest&) = default;
};

struct Written {
  std::uint64_t ticket = 0;
  std::uint64_t message = 0;
  friend bool operator==(const Written&, const Written&) = default;
};

struct Upload {
  std::string id;
  std::string name, type;
  base::Bytes size;  // so far
  friend bool operator==(const Upload&, const Upload&) = default;
};

// A mail of the desk that has not left, as far as is known.
struct OutgoingItem {
  std::uint64_t message = 0;
  std::uint64_t ticket = 0;
  std::string state;  // queued, offered, quarantined
  int attempts = 0;
  base::Instant since{};
  std::optional<base::Instant> due;  // when it is tried next; null: not by itself
  std::string words;                 // null: no attempt yet; the last answer or failure
  std::vector<Person> to;
  std::string subject;
  friend bool operator==(const OutgoingItem&, const OutgoingItem&) = default;
};

struct DropRequest {
  std::string reason;
  friend bool operator==(const DropRequest&, const DropRequest&) = default;
};

}  // namespace beredd::api
