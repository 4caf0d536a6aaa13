// One change to all tickets that a question finds: shown, counted, confirmed, done as a whole.

#include "ask.h"
#include "point_in_time.h"
#include "print.h"
#include "run.h"

#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "beredd/api/action.h"
#include "beredd/base/text.h"

namespace beredd::beredctl {
namespace {

constexpr std::size_t kMost = 10'000;  // of the API
constexpr std::size_t kShown = 15;

std::string target_of(const BulkChange& command) {
  std::string target = fmt::format("/v1/tickets?limit={}", kMost + 1);
  const auto with = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) target += fmt::format("&{}={}", key, percent_encoded(value));
  };
  with("state", command.state);
  with("desk", command.desk);
  with("assignee", command.assignee);
  with("custody", command.custody);
  with("search", command.search);
  return target;
}

base::Result<std::vector<api::Ticket>> found(Session& session, const BulkChange& command) {
  const auto body = session.client.get(target_of(command));
  if (!body) return body.error();
  auto tickets = api::decode<std::vector<api::Ticket>>(*body);
  if (tickets && tickets->size() > kMost) {
    return base::permanent(base::Code::refused,
                           fmt::format("more than {} tickets; ask for fewer", kMost));
  }
  return tickets;
}

std::string preview(const std::vector<api::Ticket>& tickets, const std::string& what,
                    const Style& style) {
  const auto shown = static_cast<std::ptrdiff_t>(std::min(kShown, tickets.size()));
  std::string out = tickets_text({tickets.begin(), tickets.begin() + shown}, style);
  if (tickets.size() > kShown) out += fmt::format("… and {} more\n", tickets.size() - kShown);
  return out + fmt::format("{}: {}\n", counted(tickets.size(), "ticket"), what);
}

base::Result<api::ChangeRequest> request_of(const std::vector<api::Ticket>& tickets,
                                            const TicketChanges& changes, base::Instant now) {
  api::ChangeRequest request;
  // What was shown is what is changed: a ticket that somebody touches meanwhile stops it.
  for (const api::Ticket& ticket : tickets) request.tickets.push_back({ticket.id, ticket.updated});
  request.state = changes.state;
  request.priority = changes.priority;
  request.assignee = changes.assignee;
  if (!changes.add_tags.empty()) request.add_tags = changes.add_tags;
  if (!changes.remove_tags.empty()) request.remove_tags = changes.remove_tags;
  request.bulk = true;
  request.take_over = true;
  if (!changes.until.empty()) {
    const auto until = time_to_come(changes.until, now);
    if (!until) return until.error();
    request.until = *until;
  }
  return request;
}

int do_it(Session& session, const api::ChangeRequest& request, const std::string& what) {
  const auto body = session.client.post("/v1/tickets/changes", api::encode(request));
  if (!body) return session.fail(body.error());
  if (session.json) return session.done(*body);
  return session.done(fmt::format("{} changed: {}. beredctl ticket undo takes it back.\n",
                                  counted(request.tickets.size(), "ticket"), what));
}

}  // namespace

std::string words(const TicketChanges& changes) {
  std::vector<std::string> out;
  if (!changes.state.empty()) {
    out.push_back("state " + changes.state +
                  (changes.until.empty() ? "" : " until " + changes.until));
  }
  if (changes.assignee) {
    const bool nobody = changes.assignee->empty() || *changes.assignee == "nobody";
    out.push_back("assigned to " + (nobody ? std::string("nobody") : *changes.assignee));
  }
  if (!changes.priority.empty()) out.push_back("priority " + changes.priority);
  std::vector<std::string> tags;
  for (const std::string& tag : changes.add_tags) tags.push_back("+" + tag);
  for (const std::string& tag : changes.remove_tags) tags.push_back("-" + tag);
  if (!tags.empty()) out.push_back(fmt::format("tags {}", fmt::join(tags, " ")));
  return base::for_terminal(fmt::format("{}", fmt::join(out, ", ")));
}

int run(Session& session, const BulkChange& command) {
  const auto tickets = found(session, command);
  if (!tickets) return session.fail(tickets.error());
  const std::string what = words(command.changes);
  if (tickets->empty()) return session.done(session.json ? "[]\n" : "No tickets.\n");
  const auto request = request_of(*tickets, command.changes, session.style.now);
  if (!request) return session.fail(request.error());
  if (command.dry_run) return session.done(preview(*tickets, what, session.style));
  if (!command.yes) {
    session.err << preview(*tickets, what, session.style);
    const auto sure = confirm(session, "Change them?");
    if (!sure) return session.fail(sure.error());
    if (!*sure) {
      return session.fail(base::permanent(base::Code::refused, "nothing was changed"));
    }
  }
  return do_it(session, *request, what);
}

}  // namespace beredd::beredctl
