#include "ask.h"
#include "draft_file.h"
#include "point_in_time.h"
#include "print.h"
#include "run.h"

#include <fstream>
#include <iterator>
#include <ostream>

#include <fmt/format.h>

#include "beredd/api/action.h"

namespace beredd::beredctl {
namespace {

base::Result<api::ChangeRequest> request_of(const TicketChanges& changes, base::Instant now) {
  api::ChangeRequest request;
  request.state = changes.state;
  request.priority = changes.priority;
  request.assignee = changes.assignee;
  if (!changes.add_tags.empty()) request.add_tags = changes.add_tags;
  if (!changes.remove_tags.empty()) request.remove_tags = changes.remove_tags;
  if (!changes.until.empty()) {
    const auto until = time_to_come(changes.until, now);
    if (!until) return until.error();
    request.until = *until;
  }
  return request;
}

base::Result<std::optional<base::Instant>> seen_at(const std::string& text, base::Instant now) {
  if (text.empty()) return std::optional<base::Instant>();
  const auto at = point_in_time(text, now);
  if (!at) return at.error();
  return std::optional<base::Instant>(*at);
}

std::vector<api::SeenTicket> seen(const TicketIds& ids, std::optional<base::Instant> at) {
  std::vector<api::SeenTicket> out;
  for (const std::uint64_t id : ids) out.push_back({id, at});
  return out;
}

base::Result<std::string> note_text(Session& session, const NoteTickets& command) {
  if (command.text) return *command.text;
  if (command.file.empty() || command.file == "-") return typed(session, "The note");
  return read_text(command.file);
}

// Each to the least loaded person of its line; the first that cannot be given away ends it.
int assign_automatically(Session& session, const TicketIds& ids) {
  std::vector<api::Ticket> assigned;
  for (const std::uint64_t id : ids) {
    const auto body = session.client.post(fmt::format("/v1/tickets/{}/auto-assign", id), "{}");
    if (!body) return session.fail(body.error());
    const auto ticket = api::decode<api::Ticket>(*body);
    if (!ticket) return session.fail(ticket.error());
    assigned.push_back(*ticket);
  }
  return session.present<std::vector<api::Ticket>>(api::encode(assigned), tickets_text);
}

}  // namespace

int run(Session& session, const NoteTickets& command) {
  auto text = note_text(session, command);
  if (!text) return session.fail(text.error());
  const auto body =
      session.client.post("/v1/tickets/notes", api::encode(api::NoteRequest{command.ids, *text}));
  if (!body) return session.fail(body.error());
  return session.present<std::vector<api::Message>>(
      *body, [](const std::vector<api::Message>& notes, const Style&) {
        std::string out;
        for (const api::Message& note : notes) {
          out += fmt::format("Ticket {} has the note as message {}.\n", note.ticket.value_or(0),
                             note.id);
        }
        return out;
      });
}

int run(Session& session, const ChangeTickets& command) {
  if (command.changes.assignee == "auto") return assign_automatically(session, command.ids);
  auto request = request_of(command.changes, session.style.now);
  if (!request) return session.fail(request.error());
  const auto at = seen_at(command.if_updated, session.style.now);
  if (!at) return session.fail(at.error());
  request->tickets = seen(command.ids, *at);
  if (command.take_over) request->take_over = true;
  const auto body = session.client.post("/v1/tickets/changes", api::encode(*request));
  if (!body) return session.fail(body.error());
  return session.present<std::vector<api::Ticket>>(*body, tickets_text);
}

int run(Session& session, const MergeTickets& command) {
  const api::MergeRequest request{seen(command.ids, {}), command.into, command.reason};
  const auto body = session.client.post("/v1/tickets/merge", api::encode(request));
  if (!body) return session.fail(body.error());
  return session.present<api::Ticket>(*body, [](const api::Ticket& ticket, const Style& style) {
    return tickets_text({ticket}, style);
  });
}

int run(Session& session, const SplitTicket& command) {
  const api::SplitRequest request{command.message, {}, command.reason};
  const auto body =
      session.client.post(fmt::format("/v1/tickets/{}/split", command.id), api::encode(request));
  if (!body) return session.fail(body.error());
  return session.present<api::Ticket>(*body, [](const api::Ticket& ticket, const Style& style) {
    return tickets_text({ticket}, style);
  });
}

int run(Session& session, const UndoBulk&) {
  const auto body = session.client.post("/v1/tickets/undo", "{}");
  if (!body) return session.fail(body.error());
  return session.present<api::Undone>(*body, undone_text);
}

}  // namespace beredd::beredctl
