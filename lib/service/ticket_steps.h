#pragma once
// The parts of an action that run inside its transaction.

#include <string>
#include <vector>

#include "beredd/service/actions.h"
#include "beredd/store/store.h"

namespace beredd::service {

// Collects what stands in the way of many tickets, to say it at once.
class Obstacles {
 public:
  void add(base::TicketId ticket, const base::Error& error);
  bool any() const { return !lines_.empty(); }
  base::Error error() const;  // REQUIRES: any()

 private:
  std::vector<std::string> lines_;
  base::Code code_ = base::Code::conflict;
};

// The ticket, when it is as it was seen. Errors: permanent/not_found; permanent/conflict, naming
// who did what to it since.
base::Result<ticket::Ticket> as_seen(const store::ReadTxn& txn, const Seen& seen);

// Writes down a ticket that `steps` were done to, each with an entry of its own.
base::Status record(store::WriteTxn& txn, ticket::Ticket& ticket,
                    const std::vector<ticket::Step>& steps, const std::string& who,
                    base::Instant at);

}  // namespace beredd::service
