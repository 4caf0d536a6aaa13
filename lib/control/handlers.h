#pragma once
// Every handler of the route table, by the file that it stands in. Each is a coroutine that lives
// no longer than the services.

#include "call.h"

namespace beredd::control {

using Answer = io::Task<HttpResponse>;

// tickets.cc
Answer list_tickets(const Services& services, Call call);
Answer show_ticket(const Services& services, Call call);
// actions.cc
Answer change_tickets(const Services& services, Call call);
Answer undo_bulk(const Services& services, Call call);
Answer add_notes(const Services& services, Call call);
Answer merge_tickets(const Services& services, Call call);
Answer split_ticket(const Services& services, Call call);
// deadlines.cc
Answer list_events(const Services& services, Call call);
Answer await_changes(const Services& services, Call call);
// messages.cc
Answer list_messages(const Services& services, Call call);
Answer show_message(const Services& services, Call call);
// bodies.cc
Answer raw_message(const Services& services, Call call);
Answer message_part(const Services& services, Call call);
// export.cc
Answer export_messages(const Services& services, Call call);
Answer export_tickets(const Services& services, Call call);
// people.cc
Answer list_people(const Services& services, Call call);
Answer list_teams(const Services& services, Call call);
Answer set_absent(const Services& services, Call call);
Answer set_present(const Services& services, Call call);
Answer show_staffing(const Services& services, Call call);
Answer set_staffing(const Services& services, Call call);
Answer next_ticket(const Services& services, Call call);
// sharing.cc
Answer take_lease(const Services& services, Call call);
Answer end_lease(const Services& services, Call call);
Answer auto_assign(const Services& services, Call call);
Answer escalate(const Services& services, Call call);
Answer deescalate(const Services& services, Call call);
// failover.cc
Answer failover_status(const Services& services, Call call);
Answer failover_history(const Services& services, Call call);
Answer force_mode(const Services& services, Call call);
Answer release_mode(const Services& services, Call call);
// checks.cc
Answer list_checks(const Services& services, Call call);
Answer run_check(const Services& services, Call call);
// handback.cc
Answer handback_status(const Services& services, Call call);
Answer handback_plan(const Services& services, Call call);
Answer handback_run(const Services& services, Call call);
Answer handback_pause(const Services& services, Call call);
Answer handback_resume(const Services& services, Call call);
// reconcile.cc
Answer reconciliation(const Services& services, Call call);
Answer start_reconciliation(const Services& services, Call call);
// quarantine.cc
Answer list_quarantine(const Services& services, Call call);
Answer retry_quarantined(const Services& services, Call call);
Answer drop_quarantined(const Services& services, Call call);
// status.cc
Answer show_status(const Services& services, Call call);
Answer metrics_text(const Services& services, Call call);
// letters.cc
Answer show_draft(const Services& services, Call call);
Answer reply_to_ticket(const Services& services, Call call);
Answer forward_ticket(const Services& services, Call call);
Answer write_first(const Services& services, Call call);
Answer settle_ticket(const Services& services, Call call);
// notices.cc
Answer preview_notice(const Services& services, Call call);
Answer list_templates(const Services& services, Call call);
Answer show_template(const Services& services, Call call);
// outgoing.cc
Answer begin_upload(const Services& services, Call call);
Answer go_on_upload(const Services& services, Call call);
Answer list_outgoing(const Services& services, Call call);
Answer resend_outgoing(const Services& services, Call call);
Answer drop_outgoing(const Services& services, Call call);
// configuration.cc
Answer show_config(const Services& services, Call call);

}  // namespace beredd::control
