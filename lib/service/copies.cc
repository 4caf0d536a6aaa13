#include "copies.h"

namespace beredd::service {
namespace {

constexpr std::size_t kMostLookedAt = 10;
// Of a very long text a reading has the beginning only: whether the rest is the same, the bytes
// say.
constexpr std::size_t kWholeTexts = std::size_t{1} * 1024 * 1024;

// Fields that hosts on the way add or rewrite are not compared.
bool same_content(const mail::Reading& a, const mail::Reading& b) {
  if (a.opaque || b.opaque || a.text.size() > kWholeTexts) return false;
  return a.from == b.from && a.subject == b.subject && a.date == b.date && a.text == b.text &&
         a.attachments == b.attachments;
}

bool given_up(store::DeliveryState state) {
  return state == store::DeliveryState::quarantined || state == store::DeliveryState::suppressed ||
         state == store::DeliveryState::expired;
}

}  // namespace

base::Result<std::optional<base::MessageId>> earlier_copy(const store::ReadTxn& txn,
                                                          const store::Message& message,
                                                          const mail::Reading& reading,
                                                          std::string_view primary) {
  const std::optional<base::MessageId> none;
  std::size_t looked_at = 0;
  for (const base::MessageId id : txn.messages_with_id(message.desk, reading.message_id)) {
    if (id == message.id || ++looked_at > kMostLookedAt) continue;
    auto sorted = txn.sorted(id);
    if (!sorted) return sorted.error();
    if (!*sorted || (*sorted)->copy_of) continue;
    auto earlier = txn.message(id);
    if (!earlier) return earlier.error();
    const bool same_bytes = earlier->body.sha256 == message.body.sha256;
    if (!same_bytes && !same_content((*sorted)->reading, reading)) continue;
    auto delivery = txn.delivery(id, primary);
    if (!delivery) return delivery.error();
    if (*delivery && given_up((*delivery)->state)) continue;
    return std::optional<base::MessageId>(id);
  }
  return none;
}

}  // namespace beredd::service
