#include "parts.h"

#include "deliveries.h"
#include "journal.h"
#include "lanes.h"

#include <algorithm>

#include <fmt/format.h>

namespace beredd::store {
namespace {

// What a part came to, for whoever asks later which of the recipients has the mail.
base::Status note_part(Change& change, const Delivery& delivery, const DeliveryPart& part,
                       base::Instant at) {
  JournalEntry entry;
  entry.at = at;
  entry.what = "part";
  entry.message = delivery.message;
  entry.ticket = delivery.ticket;
  entry.target = delivery.target;
  entry.detail = fmt::format("{} {}: {}", part.domain, name(part.state), part.words);
  return write_journal(change, std::move(entry));
}

bool is_over(PartState state) { return state != PartState::open && state != PartState::offered; }

}  // namespace

base::Status put_parts(Change& change, base::MessageId id, std::string_view target,
                       std::vector<DeliveryPart> parts, base::Instant at) {
  return edit_delivery(change, id, target, [&](Delivery& delivery) -> base::Status {
    if (!unfinished(delivery.state)) {
      return base::permanent(base::Code::conflict,
                             fmt::format("the delivery of message {} to {} is {}: it is over",
                                         id.value(), target, name(delivery.state)));
    }
    for (const DeliveryPart& part : parts) {
      const auto before = std::ranges::find(delivery.parts, part.domain, &DeliveryPart::domain);
      const bool news = before == delivery.parts.end() || before->state != part.state;
      if (!news || !is_over(part.state)) continue;
      if (auto noted = note_part(change, delivery, part, at); !noted) return noted;
    }
    delivery.parts = std::move(parts);
    return {};
  });
}

void reopen_parts(Delivery& delivery, base::Instant at) {
  for (DeliveryPart& part : delivery.parts) {
    if (part.state != PartState::taken) part = {part.domain, PartState::open, 0, at, part.words};
  }
}

}  // namespace beredd::store
