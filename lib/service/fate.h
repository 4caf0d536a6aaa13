#pragma once
// What became of a mail of the desk, and what that does to its delivery and its ticket.

#include <string>
#include <vector>

#include "beredd/config/config.h"
#include "beredd/io/target.h"
#include "beredd/store/store.h"

namespace beredd::service {

struct Fate {
  base::MessageId message;
  base::TicketId ticket;
  io::Handover::Kind kind = io::Handover::Kind::deferred;
  std::string words;
  // Of a mail that goes to each domain apart, those that this is about; empty: all of it.
  std::vector<std::string> domains = {};
};

// A part that is over is over for good; while others are open the delivery goes on with them.
// Errors: permanent/conflict when it is written already; of the store.
base::Status write_fate(store::WriteTxn& txn, const Fate& fate, const config::Outgoing& outgoing,
                        base::Instant now);

// The delivery's parts, or those that it would have.
base::Result<std::vector<store::DeliveryPart>> parts_in(const store::ReadTxn& txn,
                                                        const store::Delivery& delivery,
                                                        base::Instant now);

}  // namespace beredd::service
