#include "answers.h"
#include "handlers.h"
#include "views.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "beredd/base/text.h"

namespace beredd::control {
namespace {

base::Error no_such(std::string_view what, std::string_view given, std::string_view choices) {
  return base::permanent(base::Code::invalid,
                         fmt::format("\"{}\" is no {}: {}", given, what, choices));
}

base::Result<store::TicketQuery> query_of(const Call& call) {
  store::TicketQuery query;
  if (const std::string text = word(call, "state"); !text.empty()) {
    query.state = ticket::state_named(text);
    if (!query.state) return no_such("state", text, "new, open, pending, solved or closed");
  }
  if (const std::string text = word(call, "custody"); !text.empty()) {
    query.custody = ticket::custody_named(text);
    if (!query.custody) return no_such("custody", text, "primary, fallback or returned");
  }
  query.desk = word(call, "desk");
  query.assignee = word(call, "assignee");
  query.search = word(call, "search");
  const auto limit = count(call, "limit", query.limit);
  if (!limit) return limit.error();
  query.limit = *limit;
  return query;
}

// A misspelt desk must not look like an empty one; one that left the configuration may have
// tickets.
base::Status known_desk(const config::Config& config, std::string_view name) {
  std::vector<std::string_view> names;
  for (const config::Desk& desk : config.desks) {
    if (desk.name == name) return {};
    names.push_back(desk.name);
  }
  return base::permanent(base::Code::not_found, fmt::format("no desk is called \"{}\"; there is {}",
                                                            name, fmt::join(names, ", ")));
}

}  // namespace

Answer list_tickets(const Services& services, Call call) {
  const auto query = query_of(call);
  if (!query) co_return problem(query.error());
  std::vector<api::Ticket> views;
  const auto read = services.context.store.read([&](const store::ReadTxn& txn) -> base::Status {
    const auto found = txn.tickets(*query);
    if (!found) return found.error();
    for (const ticket::Ticket& ticket : *found) views.push_back(ticket_view(ticket));
    return {};
  });
  if (!read) co_return problem(read.error());
  if (views.empty() && !query->desk.empty()) {
    const auto known = known_desk(*services.context.config, query->desk);
    if (!known) co_return problem(known.error());
  }
  co_return answer(views);
}

Answer show_ticket(const Services& services, Call call) {
  const auto id = number(call.arguments[0], "ticket");
  if (!id) co_return problem(id.error());
  base::Result<api::Ticket> view = base::bug("not read");
  const auto read = services.context.store.read([&](const store::ReadTxn& txn) -> base::Status {
    view = ticket_view(txn, *services.context.config, base::TicketId(*id));
    return view ? base::Status() : view.error();
  });
  if (!read) co_return problem(read.error(), "beredctl ticket list shows the tickets there are");
  co_return answer(view);
}

}  // namespace beredd::control
