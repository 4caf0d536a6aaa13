// g++ 12 takes the coroutine frame's own operator new for the global one once both are inlined.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

// What staff do to tickets by hand.

#include "beredd/service/actions.h"

#include "answers.h"
#include "handlers.h"
#include "views.h"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace beredd::control {
namespace {

constexpr std::string_view kHint = "beredctl ticket show ID tells what has happened to a ticket";

base::Error invalid(std::string words) {
  return base::permanent(base::Code::invalid, std::move(words));
}

service::Seen seen(const api::SeenTicket& ticket) {
  return {base::TicketId(ticket.id), ticket.if_updated};
}

std::vector<service::Seen> seen(const std::vector<api::SeenTicket>& tickets) {
  std::vector<service::Seen> out;
  out.reserve(tickets.size());
  for (const api::SeenTicket& ticket : tickets) out.push_back(seen(ticket));
  return out;
}

// Where the configuration knows people, a misspelt name must not hide a ticket from all of them.
base::Result<std::optional<std::string>> assignee_of(const api::ChangeRequest& request,
                                                     const config::Config& config,
                                                     const Call& call) {
  if (!request.assignee) return std::optional<std::string>();
  const std::string& named = *request.assignee;
  if (named.empty()) return invalid("say who: a person, me, or nobody");
  if (named == "me") return std::optional(call.who);
  if (named == "nobody") return std::optional<std::string>("");
  if (config.people.empty() || config.person_named(named) != nullptr) return std::optional(named);
  std::vector<std::string_view> names;
  for (const config::Person& one : config.people) names.push_back(one.name);
  return base::permanent(base::Code::not_found, fmt::format("nobody is called \"{}\"; there is {}",
                                                            named, fmt::join(names, ", ")));
}

base::Result<ticket::Changes> changes_of(const api::ChangeRequest& request,
                                         const config::Config& config, const Call& call) {
  ticket::Changes changes;
  if (!request.state.empty()) {
    changes.state = ticket::state_named(request.state);
    if (!changes.state) {
      return invalid(
          fmt::format("\"{}\" is no state: open, pending, solved or closed", request.state));
    }
  }
  if (!request.priority.empty()) {
    changes.priority = ticket::priority_named(request.priority);
    if (!changes.priority) {
      return invalid(
          fmt::format("\"{}\" is no priority: low, normal, high or urgent", request.priority));
    }
  }
  changes.until = request.until;
  auto assignee = assignee_of(request, config, call);
  if (!assignee) return assignee.error();
  changes.assignee = *std::move(assignee);
  changes.add_tags = request.add_tags.value_or(std::vector<std::string>());
  changes.remove_tags = request.remove_tags.value_or(std::vector<std::string>());
  return changes;
}

std::vector<api::Ticket> views_of(const std::vector<ticket::Ticket>& tickets) {
  std::vector<api::Ticket> views;
  views.reserve(tickets.size());
  for (const ticket::Ticket& ticket : tickets) views.push_back(ticket_view(ticket));
  return views;
}

base::Result<std::vector<api::Message>> messages_view(const Services& services,
                                                      const std::vector<base::MessageId>& ids) {
  std::vector<api::Message> views;
  const auto read = services.context.store.read([&](const store::ReadTxn& txn) -> base::Status {
    for (const base::MessageId id : ids) {
      auto view = message_view(txn, *services.context.config, id, Text::included);
      if (!view) return view.error();
      views.push_back(*std::move(view));
    }
    return {};
  });
  if (!read) return read.error();
  return views;
}

api::Undone undone_view(const service::Undone& undone) {
  api::Undone view{undone.what, undone.at, {}, {}};
  for (const base::TicketId id : undone.tickets) view.tickets.push_back(id.value());
  for (const auto& left : undone.left) view.left.push_back({left.ticket.value(), left.why});
  return view;
}

}  // namespace

Answer change_tickets(const Services& services, Call call) {
  const auto request = api::decode<api::ChangeRequest>(call.request.body);
  if (!request) co_return problem(request.error());
  auto changes = changes_of(*request, *services.context.config, call);
  if (!changes) co_return problem(changes.error());
  service::ChangeOrder order{seen(request->tickets), *std::move(changes), call.who};
  order.bulk = request->bulk.value_or(false);
  order.take_over = request->take_over.value_or(false);
  const auto changed = co_await services.actions->change(std::move(order));
  if (!changed) co_return problem(changed.error(), kHint);
  co_return answer(views_of(*changed));
}

Answer undo_bulk(const Services& services, Call call) {
  const auto undone = co_await services.actions->undo(call.who);
  if (!undone) co_return problem(undone.error());
  co_return answer(undone_view(*undone));
}

Answer add_notes(const Services& services, Call call) {
  auto request = api::decode<api::NoteRequest>(call.request.body);
  if (!request) co_return problem(request.error());
  service::NoteOrder order{{}, std::move(request->text), call.who};
  for (const std::uint64_t id : request->tickets) order.tickets.emplace_back(id);
  const auto added = co_await services.actions->note(std::move(order));
  if (!added) co_return problem(added.error(), kHint);
  co_return answer(messages_view(services, *added));
}

Answer merge_tickets(const Services& services, Call call) {
  const auto request = api::decode<api::MergeRequest>(call.request.body);
  if (!request) co_return problem(request.error());
  service::MergeOrder order{seen(request->tickets), base::TicketId(request->into), call.who,
                            request->reason};
  const auto kept = co_await services.actions->merge(std::move(order));
  if (!kept) co_return problem(kept.error(), kHint);
  co_return answer(ticket_view(*kept));
}

Answer split_ticket(const Services& services, Call call) {
  const auto id = number(call.arguments[0], "ticket");
  if (!id) co_return problem(id.error());
  const auto request = api::decode<api::SplitRequest>(call.request.body);
  if (!request) co_return problem(request.error());
  service::SplitOrder order{{base::TicketId(*id), request->if_updated},
                            base::MessageId(request->message),
                            call.who,
                            request->reason};
  const auto fresh = co_await services.actions->split(std::move(order));
  if (!fresh) co_return problem(fresh.error(), kHint);
  co_return answer(ticket_view(*fresh));
}

}  // namespace beredd::control
