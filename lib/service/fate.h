#pragma once
// What became of a mail of the desk, and what that does to its delivery and its ticket.

#include <string>

#include "beredd/io/target.h"
#include "beredd/store/store.h"

namespace beredd::service {

struct Fate {
  base::MessageId message;
  base::TicketId ticket;
  io::Handover::Kind kind = io::Handover::Kind::deferred;
  std::string words;
};

// Errors: permanent/conflict when it is written already; of the store.
base::Status write_fate(store::WriteTxn& txn, const Fate& fate, base::Instant now);

}  // namespace beredd::service
