// g++ 12 takes the coroutine frame's own operator new for the global one once both are inlined.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

// Who gets a ticket, and who is answering it.

#include "answers.h"
#include "handlers.h"
#include "rota_views.h"

#include <utility>

#include <fmt/format.h>

namespace beredd::control {
namespace {

constexpr std::string_view kHint = "beredctl ticket show ID tells what has happened to a ticket";

base::Error taken(const ticket::Lease& lease) {
  return base::permanent(base::Code::conflict,
                         fmt::format("{} is answering ticket {}, and has it until {}", lease.holder,
                                     lease.ticket.value(), base::local_time(lease.until)));
}

bool is_root(const Call& call) { return call.request.peer && call.request.peer->uid == 0; }

Answer move(const Services& services, Call call, int by) {
  const auto id = number(call.arguments[0], "ticket");
  if (!id) co_return problem(id.error());
  const auto request = api::decode<api::LineRequest>(call.request.body);
  if (!request) co_return problem(request.error());
  const auto moved =
      co_await services.rota->move_line(base::TicketId(*id), by, request->note, call.who);
  if (!moved) co_return problem(moved.error(), kHint);
  co_return answer(ticket_view(*moved));
}

}  // namespace

Answer take_lease(const Services& services, Call call) {
  const auto id = number(call.arguments[0], "ticket");
  if (!id) co_return problem(id.error());
  const auto grant = co_await services.rota->take_lease(base::TicketId(*id), call.who);
  if (!grant) co_return problem(grant.error(), kHint);
  if (grant->what == ticket::Grant::What::refused) {
    co_return problem(taken(grant->lease), "take another ticket, or ask them to release it");
  }
  co_return answer(lease_view(grant->lease));
}

Answer end_lease(const Services& services, Call call) {
  const auto id = number(call.arguments[0], "ticket");
  if (!id) co_return problem(id.error());
  const bool root = is_root(call);
  const auto done = co_await services.rota->end_lease(base::TicketId(*id), call.who, root);
  if (!done) co_return problem(done.error(), "beredctl ticket list shows who is answering what");
  base::Result<api::Ticket> view = base::bug("not read");
  const auto read = services.context.store.read([&](const store::ReadTxn& txn) -> base::Status {
    const auto ticket = txn.ticket(base::TicketId(*id));
    if (!ticket) return ticket.error();
    view = ticket_view(*ticket);
    return {};
  });
  if (!read) co_return problem(read.error());
  co_return answer(view);
}

Answer auto_assign(const Services& services, Call call) {
  const auto id = number(call.arguments[0], "ticket");
  if (!id) co_return problem(id.error());
  const auto assigned = co_await services.rota->assign(base::TicketId(*id), call.who);
  if (!assigned) co_return problem(assigned.error(), "beredctl person list shows who is there");
  co_return answer(ticket_view(*assigned));
}

Answer escalate(const Services& services, Call call) { return move(services, std::move(call), +1); }

Answer deescalate(const Services& services, Call call) {
  return move(services, std::move(call), -1);
}

}  // namespace beredd::control
