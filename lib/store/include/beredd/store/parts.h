#pragma once
// The parts of a delivery that goes several ways: one for the recipients at each domain.

#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/clock.h"

namespace beredd::store {

// open: to be tried when it is due. offered: the first byte may have left, the answer is not known.
// taken: their 2xx. refused: never, or tried in vain for too long. doubtful: it may have arrived,
// the answer was not seen.
enum class PartState { open, offered, taken, refused, doubtful };
std::string_view name(PartState state);

struct DeliveryPart {
  std::string domain;  // of its recipients, as their mailboxes have it
  PartState state = PartState::open;
  int attempts = 0;
  base::Instant due{};  // not before; meaningful for open
  std::string words;    // the last answer or failure, one line
  friend bool operator==(const DeliveryPart&, const DeliveryPart&) = default;
};

}  // namespace beredd::store
