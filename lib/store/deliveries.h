#pragma once
// Deliveries: the steps of one message's way to one target, and what can be asked about them.

#include "change.h"

#include "beredd/store/store.h"

namespace beredd::store {

base::Result<std::optional<Delivery>> read_delivery(const Tables& tables, base::MessageId id,
                                                    std::string_view target);
base::Result<std::vector<Delivery>> list_deliveries(const Tables& tables, std::string_view target,
                                                    DeliveryState state, base::MessageId after,
                                                    std::size_t limit);
DeliveryCounts count_deliveries(const Tables& tables, std::string_view target);
std::optional<base::Instant> oldest_waiting(const Tables& tables, std::string_view target);

// Errors: permanent/invalid unless held or queued; permanent/exists; permanent/not_found when its
// message or ticket is not there.
base::Status enqueue_delivery(Change& change, const Delivery& delivery);

// What of `message` still waits, and is not offered, waits in the lane of `into` from now on.
base::Status move_deliveries(Change& change, base::MessageId message, base::TicketId into);
// Whether any primary is being given it.
base::Result<bool> is_offered(const Tables& tables, base::MessageId message);

enum class Step { offer, acknowledge, prove, defer, quarantine, retry, suppress };

// What a step does to its delivery.
struct StepTo {
  Step step;
  DeliveryState state;
  base::Instant at;
  std::string_view detail;  // for the journal
};

// Takes the step, if the delivery's state allows it, lets `edit` write what the step leaves behind,
// and notes it in the journal. Errors: permanent/not_found, permanent/conflict.
base::Status take_step(Change& change, base::MessageId id, std::string_view target,
                       const StepTo& to, const std::function<void(Delivery&)>& edit);

// Lets `edit` change a delivery beside its state; nothing is noted. Errors: permanent/not_found;
// those of `edit`.
base::Status edit_delivery(Change& change, base::MessageId id, std::string_view target,
                           const std::function<base::Status(Delivery&)>& edit);

base::Result<std::optional<WriteTxn::LanePosition>> hold_lanes(Change& change,
                                                               std::string_view target, bool hold,
                                                               WriteTxn::LanePosition after,
                                                               std::size_t limit, base::Instant at);

}  // namespace beredd::store
