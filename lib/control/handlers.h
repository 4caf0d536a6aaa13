#pragma once
// Every handler of the route table, by the file that it stands in. Each is a coroutine that lives
// no longer than the services.

#include "call.h"

namespace beredd::control {

using Answer = io::Task<HttpResponse>;

// tickets.cc
Answer list_tickets(const Services& services, Call call);
Answer show_ticket(const Services& services, Call call);
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
// quarantine.cc
Answer list_quarantine(const Services& services, Call call);
Answer retry_quarantined(const Services& services, Call call);
Answer drop_quarantined(const Services& services, Call call);
// status.cc
Answer show_status(const Services& services, Call call);
Answer metrics_text(const Services& services, Call call);
// configuration.cc
Answer show_config(const Services& services, Call call);

}  // namespace beredd::control
