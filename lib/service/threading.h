#pragma once
// Joins one read message to its ticket inside a write transaction, and queues its delivery. What
// the mail shows to be one conversation becomes one ticket.

#include "beredd/base/result.h"
#include "beredd/config/config.h"
#include "beredd/failover/mode.h"
#include "beredd/mail/reading.h"
#include "beredd/store/store.h"

namespace beredd::service {

struct ToJoin {
  const store::Message& message;
  const mail::Reading& reading;
  const config::Config& config;
  const config::Desk& desk;
  failover::Mode mode;  // of the desk's primary, now
  base::Instant now;
};

// Errors: of the store.
base::Status join_ticket(store::WriteTxn& txn, const ToJoin& join);

}  // namespace beredd::service
