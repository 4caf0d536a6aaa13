#include "beredd/service/outgoing.h"

#include <algorithm>

namespace beredd::service {

base::Result<std::vector<OutgoingItem>> outgoing_items(const store::ReadTxn& txn,
                                                       std::size_t limit) {
  using enum store::DeliveryState;
  std::vector<OutgoingItem> out;
  for (const store::DeliveryState state : {queued, held, offered, quarantined}) {
    auto deliveries = txn.deliveries(kOutgoing, state, {}, limit);
    if (!deliveries) return deliveries.error();
    for (store::Delivery& delivery : *deliveries) out.push_back({std::move(delivery), {}, {}});
  }
  std::ranges::sort(out, {}, [](const OutgoingItem& item) { return item.delivery.message; });
  if (out.size() > limit) out.resize(limit);
  for (OutgoingItem& item : out) {
    const auto sorted = txn.sorted(item.delivery.message);
    if (!sorted) return sorted.error();
    if (!*sorted) continue;
    item.subject = (*sorted)->reading.subject;
    item.to = (*sorted)->reading.to;
    item.to.insert(item.to.end(), (*sorted)->reading.cc.begin(), (*sorted)->reading.cc.end());
  }
  return out;
}

}  // namespace beredd::service
