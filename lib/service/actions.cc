#include "beredd/service/actions.h"

#include "ticket_steps.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace beredd::service {

using base::Result;
using base::Status;
using base::TicketId;
using ticket::Ticket;

namespace {

base::Bytes weight_of(std::size_t tickets) { return base::Bytes(1024 * (tickets + 1)); }

Status few_enough(std::size_t tickets) {
  if (tickets > 0 && tickets <= Actions::kMostTickets) return {};
  return base::permanent(base::Code::invalid, fmt::format("{} tickets are not from 1 to {}",
                                                          tickets, Actions::kMostTickets));
}

Status may_take(const ChangeOrder& order, const Ticket& ticket) {
  const bool taken = !ticket.assignee.empty() && ticket.assignee != order.who;
  if (order.take_over || !taken || order.changes.assignee != order.who) return {};
  return base::permanent(base::Code::conflict, fmt::format("{} has it already", ticket.assignee));
}

// Every ticket once, as it is before. Errors: all that stands in the way.
Result<std::vector<Ticket>> gather(const store::ReadTxn& txn, const ChangeOrder& order) {
  std::vector<Ticket> tickets;
  std::set<TicketId> known;
  Obstacles obstacles;
  for (const Seen& seen : order.tickets) {
    auto ticket = as_seen(txn, seen);
    Status good = ticket ? may_take(order, *ticket) : Status(ticket.error());
    if (!good) {
      obstacles.add(seen.ticket, good.error());
    } else if (known.insert(ticket->id).second) {
      tickets.push_back(*std::move(ticket));
    }
  }
  if (obstacles.any()) return obstacles.error();
  return tickets;
}

using Changed = store::BulkAction::Changed;

Status change_all(store::WriteTxn& txn, const ChangeOrder& order, base::Instant now,
                  std::vector<Ticket>& out) {
  out.clear();
  auto tickets = gather(txn, order);
  if (!tickets) return tickets.error();
  store::BulkAction action{order.who, now, ticket::words(order.changes), {}};
  for (Ticket& ticket : *tickets) {
    Ticket before = ticket;
    const auto steps = ticket::apply(order.changes, ticket);
    if (!steps.empty()) {
      if (auto recorded = record(txn, ticket, steps, order.who, now); !recorded) return recorded;
      action.tickets.push_back(Changed{std::move(before), ticket});
    }
    out.push_back(std::move(ticket));
  }
  // What changed nothing is not in the way of undoing what did.
  const bool bulk = order.bulk || order.tickets.size() > 1;
  if (!bulk || action.tickets.empty()) return {};
  return txn.put_bulk_action(action);
}

Status undo_one(store::WriteTxn& txn, const Changed& changed, const std::string& who,
                base::Instant now, Undone& out) {
  const TicketId id = changed.before.id;
  auto ticket = txn.ticket(id);
  if (!ticket && ticket.error().code != base::Code::not_found) return ticket.error();
  if (!ticket || ticket->id != id) {
    out.left.push_back(
        {id, ticket ? fmt::format("it went up in ticket {}", ticket->id.value()) : "it is gone"});
    return {};
  }
  auto steps = ticket::revert(changed.before, changed.after, *ticket);
  if (!steps) {
    out.left.push_back({id, steps.error().detail});
    return {};
  }
  for (ticket::Step& step : *steps) step.detail += ", undone";
  if (!steps->empty()) {
    if (auto recorded = record(txn, *ticket, *steps, who, now); !recorded) return recorded;
  }
  out.tickets.push_back(id);
  return {};
}

Status undo_all(store::WriteTxn& txn, const std::string& who, base::Instant now, Undone& out) {
  auto action = txn.bulk_action(who);
  if (!action) return action.error();
  if (!*action) {
    return base::permanent(base::Code::not_found,
                           fmt::format("there is nothing of {} to undo", who));
  }
  out = Undone{(*action)->what, (*action)->at, {}, {}};
  for (const Changed& changed : (*action)->tickets) {
    if (auto undone = undo_one(txn, changed, who, now, out); !undone) return undone;
  }
  return txn.drop_bulk_action(who);
}

}  // namespace

Actions::Actions(Context& context, std::function<void()> postponed)
    : context_(context), postponed_(std::move(postponed)) {}

io::Task<Result<std::vector<Ticket>>> Actions::change(ChangeOrder order) {
  const base::Instant now = context_.clock.now();
  if (auto few = few_enough(order.tickets.size()); !few) co_return few.error();
  if (auto good = ticket::check(order.changes, now); !good) co_return good.error();
  const bool postponed = order.changes.until.has_value();
  const base::Bytes weight = weight_of(order.tickets.size());
  auto out = std::make_shared<std::vector<Ticket>>();
  store::Operation operation = [order = std::move(order), now, out](store::WriteTxn& txn) {
    return change_all(txn, order, now, *out);
  };
  auto written = co_await context_.committer.commit(std::move(operation), weight);
  if (!written) co_return written.error();
  if (postponed && postponed_) postponed_();
  co_return std::move(*out);
}

io::Task<Result<Undone>> Actions::undo(std::string who) {
  const base::Instant now = context_.clock.now();
  auto out = std::make_shared<Undone>();
  store::Operation operation = [who, now, out](store::WriteTxn& txn) {
    return undo_all(txn, who, now, *out);
  };
  const base::Bytes weight = weight_of(1);
  auto written = co_await context_.committer.commit(std::move(operation), weight);
  if (!written) co_return written.error();
  // A ticket may be pending until a time again.
  if (postponed_) postponed_();
  co_return std::move(*out);
}

}  // namespace beredd::service
