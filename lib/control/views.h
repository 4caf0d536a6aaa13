#pragma once
// What the store and the services know, in the shapes of the API.

#include "beredd/api/primary.h"
#include "beredd/api/ticket.h"
#include "beredd/config/config.h"
#include "beredd/service/handback.h"
#include "beredd/service/modes.h"
#include "beredd/service/watch.h"
#include "beredd/store/store.h"

namespace beredd::control {

enum class Text { left_out, included };

// Errors: those of the transaction.
base::Result<api::Message> message_view(const store::ReadTxn& txn, const config::Config& config,
                                        base::MessageId id, Text text);
base::Result<api::Ticket> ticket_view(const store::ReadTxn& txn, const config::Config& config,
                                      base::TicketId id);  // with its messages
// The whole of it: a ticket's history is short beside its messages.
base::Result<std::vector<api::HistoryEntry>> history_view(const store::ReadTxn& txn,
                                                          base::TicketId id);
base::Result<api::QuarantinedItem> quarantine_view(const store::ReadTxn& txn,
                                                   const store::Delivery& delivery);

api::Ticket ticket_view(const ticket::Ticket& ticket);  // without messages
// deadlines.cc. What is due first, and what was crossed. Errors: those of the transaction.
base::Status add_due(api::Ticket& view, const store::ReadTxn& txn, base::Instant now);
base::Status add_crossed(api::Ticket& view, const store::ReadTxn& txn);
// notices.cc. Nothing: it was not thought of.
std::optional<api::TicketNotice> notice_view(const std::vector<api::HistoryEntry>& history);
void add_notices(const store::ReadTxn& txn, const config::Config& config, api::Status& status);
api::PrimaryStatus primary_view(const service::PrimaryStanding& standing);
api::Transition transition_view(const store::TransitionRecord& record);
api::CheckStatus check_view(const service::CheckView& check);
api::HandbackStatus handback_view(const service::HandbackView& view);
api::Plan plan_view(const service::Plan& plan);

}  // namespace beredd::control
