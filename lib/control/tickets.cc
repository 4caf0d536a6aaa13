#include "answers.h"
#include "handlers.h"
#include "rota_views.h"
#include "views.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "beredd/base/text.h"

namespace beredd::control {
namespace {

constexpr int kMostRead = 1000;  // tickets, for phrases

base::Error no_such(std::string_view what, std::string_view given, std::string_view choices) {
  return base::permanent(base::Code::invalid,
                         fmt::format("\"{}\" is no {}: {}", given, what, choices));
}

base::Result<store::TicketQuery> query_of(const Call& call, base::Instant now) {
  store::TicketQuery query;
  if (const std::string text = word(call, "state"); !text.empty()) {
    query.state = ticket::state_named(text);
    if (!query.state) return no_such("state", text, "new, open, pending, solved or closed");
  }
  if (const std::string text = word(call, "custody"); !text.empty()) {
    query.custody = ticket::custody_named(text);
    if (!query.custody) return no_such("custody", text, "primary, fallback or returned");
  }
  const std::string sort = word(call, "sort");
  if (!sort.empty() && sort != "updated" && sort != "due") {
    return no_such("order", sort, "updated or due");
  }
  const std::string overdue = word(call, "overdue");
  if (!overdue.empty() && overdue != "true" && overdue != "false") {
    return no_such("overdue", overdue, "true or false");
  }
  if (overdue == "true") query.due_by = now;
  query.by_due = sort == "due" || query.due_by.has_value();
  query.desk = word(call, "desk");
  query.assignee = word(call, "assignee");
  query.search = word(call, "search");
  const auto limit = count(call, "limit", query.limit);
  if (!limit) return limit.error();
  query.limit = *limit;
  return query;
}

// A ticket says a phrase when one of its mails does. A mail that cannot be read says nothing.
bool says_all(const store::ReadTxn& txn, base::TicketId id, const search::Query& query) {
  std::vector<bool> said(query.phrases.size(), false);
  for (const base::MessageId message_id : txn.messages_of(id)) {
    const auto message = txn.message(message_id);
    const auto sorted = txn.sorted(message_id);
    if (!message || !sorted || !*sorted) continue;
    for (std::size_t n = 0; n < said.size(); ++n) {
      if (!said[n]) {
        said[n] = search::says(message->envelope, (*sorted)->reading, query.phrases[n]);
      }
    }
  }
  return std::find(said.begin(), said.end(), false) == said.end();
}

// Restricts `query` to what `text` finds. Phrases are looked up in the mails themselves, of the
// newest kMostRead tickets that have their words.
base::Status restrict_to(const service::Indexing& indexing, const std::string& text,
                         const store::ReadTxn& txn, store::TicketQuery& query) {
  auto found = indexing.find(text);
  if (!found) return found.error();
  query.search.clear();
  query.among = std::move(found->tickets);
  if (found->query.phrases.empty()) return {};
  query.accepts = [&txn, wanted = std::move(found->query),
                   left = kMostRead](const ticket::Ticket& ticket) mutable {
    return left > 0 && left-- > 0 && says_all(txn, ticket.id, wanted);
  };
  return {};
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
  const base::Instant now = services.context.clock.now();
  auto query = query_of(call, now);
  if (!query) co_return problem(query.error());
  const std::string text = query->search;
  std::vector<api::Ticket> views;
  const auto read = services.context.store.read([&](const store::ReadTxn& txn) -> base::Status {
    if (services.indexing != nullptr && !text.empty()) {
      const auto restricted = restrict_to(*services.indexing, text, txn, *query);
      if (!restricted) return restricted;
    }
    const auto found = txn.tickets(*query);
    if (!found) return found.error();
    for (const ticket::Ticket& ticket : *found) {
      views.push_back(ticket_view(ticket));
      if (auto added = add_due(views.back(), txn, now); !added) return added;
    }
    return add_leases(txn, now, services.context.config->rota.lease, views);
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
    if (!view) return view.error();
    const base::Instant now = services.context.clock.now();
    auto added = add_due(*view, txn, now);
    if (added) added = add_crossed(*view, txn);
    if (added) added = add_triage(txn, now, services.context.config->rota.lease, *view);
    return added;
  });
  if (!read) co_return problem(read.error(), "beredctl ticket list shows the tickets there are");
  co_return answer(view);
}

}  // namespace beredd::control
