#include "routes.h"

#include "answers.h"
#include "caller.h"
#include "handlers.h"

#include <array>

#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::control {
namespace {

constexpr std::array kRoutes = {
    Route{"GET", "/v1/status", Role::staff, show_status, "everything at a glance"},
    Route{"GET", "/v1/tickets", Role::staff, list_tickets,
          "tickets without messages, newest first"},
    Route{"GET", "/v1/tickets/{id}", Role::staff, show_ticket, "one ticket with its messages"},
    Route{"POST", "/v1/tickets/changes", Role::staff, change_tickets,
          "state, assignee, priority and tags of tickets, all of them or none"},
    Route{"POST", "/v1/tickets/undo", Role::staff, undo_bulk,
          "takes back what the caller last did to many tickets at once"},
    Route{"POST", "/v1/tickets/notes", Role::staff, add_notes, "says something to staff alone"},
    Route{"POST", "/v1/tickets/merge", Role::staff, merge_tickets, "makes one ticket of several"},
    Route{"POST", "/v1/tickets/{id}/split", Role::staff, split_ticket,
          "gives one message a ticket of its own"},
    Route{"POST", "/v1/tickets", Role::staff, write_first, "writes the first mail of a new ticket"},
    Route{"GET", "/v1/tickets/{id}/draft", Role::staff, show_draft,
          "what an answer or a forward begins with"},
    Route{"POST", "/v1/tickets/{id}/replies", Role::staff, reply_to_ticket, "answers"},
    Route{"POST", "/v1/tickets/{id}/forwards", Role::staff, forward_ticket,
          "sends a mail of the ticket on"},
    Route{"POST", "/v1/tickets/{id}/settle", Role::staff, settle_ticket,
          "what did not arrive is seen to"},
    Route{"POST", "/v1/uploads", Role::staff, begin_upload, "begins a file for a mail"},
    Route{"POST", "/v1/uploads/{upload}", Role::staff, go_on_upload, "the file's next bytes"},
    Route{"GET", "/v1/notices/preview", Role::staff, preview_notice,
          "the notice that a mail has arrived, as it would leave"},
    Route{"GET", "/v1/templates", Role::staff, list_templates, "texts for answers"},
    Route{"GET", "/v1/templates/{name}", Role::staff, show_template,
          "one of them, filled in for a ticket"},
    Route{"GET", "/v1/outgoing", Role::staff, list_outgoing,
          "mails of the desk that have not left"},
    Route{"POST", "/v1/outgoing/{message}/resend", Role::staff, resend_outgoing, "tries again"},
    Route{"POST", "/v1/outgoing/{message}/drop", Role::staff, drop_outgoing,
          "gives up its delivery for good; the message stays"},
    Route{"POST", "/v1/tickets/{id}/lease", Role::staff, take_lease,
          "keeps others from answering it for a while"},
    Route{"DELETE", "/v1/tickets/{id}/lease", Role::staff, end_lease, "lets others answer it"},
    Route{"POST", "/v1/tickets/{id}/auto-assign", Role::staff, auto_assign,
          "gives it to the least loaded present person of its line"},
    Route{"POST", "/v1/tickets/{id}/escalate", Role::staff, escalate, "to the next line"},
    Route{"POST", "/v1/tickets/{id}/deescalate", Role::staff, deescalate, "to the line before"},
    Route{"GET", "/v1/next", Role::staff, next_ticket, "the one ticket to work on now, and why"},
    Route{"GET", "/v1/people", Role::staff, list_people, "who works, with presence and load"},
    Route{"POST", "/v1/people/{name}/absent", Role::staff, set_absent,
          "somebody is away; their tickets are passed on"},
    Route{"POST", "/v1/people/{name}/present", Role::staff, set_present, "somebody is back"},
    Route{"GET", "/v1/teams", Role::staff, list_teams, "teams and their people"},
    Route{"GET", "/v1/staffing", Role::staff, show_staffing, "the staffing level"},
    Route{"POST", "/v1/staffing", Role::staff, set_staffing, "sets it, or lets it follow presence"},
    Route{"GET", "/v1/events", Role::staff, list_events,
          "deadlines that came near or were broken, oldest first"},
    Route{"GET", "/v1/changes", Role::staff, await_changes, "waits until something has changed"},
    Route{"GET", "/v1/messages", Role::staff, list_messages, "messages without text, newest first"},
    Route{"GET", "/v1/messages/{id}", Role::staff, show_message, "one message"},
    Route{"GET", "/v1/messages/{id}/raw", Role::staff, raw_message, "the bytes as received"},
    Route{"GET", "/v1/messages/{id}/parts/{index}", Role::staff, message_part,
          "the decoded bytes of one MIME part"},
    Route{"GET", "/v1/export", Role::staff, export_messages, "every message, one JSON line each"},
    Route{"GET", "/v1/export/tickets", Role::staff, export_tickets,
          "every ticket with its history, one JSON line each"},
    Route{"GET", "/v1/failover", Role::staff, failover_status, "the mode of every primary"},
    Route{"GET", "/v1/failover/history", Role::staff, failover_history,
          "transitions, newest first"},
    Route{"POST", "/v1/failover/{primary}/force", Role::staff, force_mode, "pins a mode"},
    Route{"POST", "/v1/failover/{primary}/auto", Role::staff, release_mode,
          "gives the mode back to the checks"},
    Route{"GET", "/v1/checks", Role::staff, list_checks, "checks and what each saw last"},
    Route{"POST", "/v1/checks/{name}/run", Role::staff, run_check, "runs one check now"},
    Route{"GET", "/v1/handback", Role::staff, handback_status, "the giving back, per primary"},
    Route{"GET", "/v1/handback/{primary}/plan", Role::staff, handback_plan,
          "what would go back now"},
    Route{"POST", "/v1/handback/{primary}/run", Role::staff, handback_run,
          "starts one that waits for a person"},
    Route{"POST", "/v1/handback/{primary}/pause", Role::staff, handback_pause, "stops giving back"},
    Route{"POST", "/v1/handback/{primary}/resume", Role::staff, handback_resume, "goes on"},
    Route{"GET", "/v1/handback/{primary}/reconciliation", Role::staff, reconciliation,
          "what reading the primary back has shown so far"},
    Route{"POST", "/v1/handback/{primary}/reconciliation", Role::staff, start_reconciliation,
          "begins to read the primary back"},
    Route{"GET", "/v1/quarantine", Role::staff, list_quarantine, "what a primary would not take"},
    Route{"POST", "/v1/quarantine/{message}/retry", Role::staff, retry_quarantined, "tries again"},
    Route{"POST", "/v1/quarantine/{message}/drop", Role::staff, drop_quarantined,
          "gives up its delivery for good; the message stays"},
    Route{"GET", "/v1/config", Role::staff, show_config, "the configuration in force"},
    Route{"GET", "/metrics", Role::anyone, metrics_text, "Prometheus text format"},
};

// The decoded arguments when `path` fits, segment by segment.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
  const auto wanted = base::split(pattern, '/');
  const auto given = base::split(path, '/');
  if (wanted.size() != given.size()) return std::nullopt;
  std::vector<std::string> arguments;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{')) {
      arguments.push_back(percent_decoded(given[i]));
    } else if (wanted[i] != given[i]) {
      return std::nullopt;
    }
  }
  return arguments;
}

base::Error denied(const HttpRequest& request) {
  const std::string who = request.peer ? fmt::format("uid {}", request.peer->uid) : "you";
  return base::permanent(base::Code::refused, fmt::format("{} may not do this", who));
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

io::Task<HttpResponse> dispatch(const Services& services, House house, HttpRequest request) {
  bool path_is_known = false;
  for (const Route& route : kRoutes) {
    auto arguments = match(route.pattern, request.path);
    if (!arguments) continue;
    path_is_known = true;
    if (route.method != request.method) continue;
    if (route.role == Role::staff && role_of(request.peer, house) != Role::staff) {
      co_return problem(denied(request), "run as root, or join the group of the control socket");
    }
    Call call{std::move(request), *std::move(arguments), {}, {}};
    if (call.request.peer) call.login = login_of(call.request.peer->uid);
    call.who =
        services.person_of && !call.login.empty() ? services.person_of(call.login) : call.login;
    co_return co_await route.handler(services, std::move(call));
  }
  if (path_is_known) {
    co_return problem(
        405, base::permanent(base::Code::unsupported,
                             fmt::format("{} is not for {}", request.method, request.path)));
  }
  co_return problem(
      base::permanent(base::Code::not_found, fmt::format("there is no {}", request.path)));
}

}  // namespace beredd::control
