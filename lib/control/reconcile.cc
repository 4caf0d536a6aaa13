#include "answers.h"
#include "handlers.h"

namespace beredd::control {
namespace {

api::Reconciliation view_of(const service::Reconciliation& from) {
  api::Reconciliation view;
  view.primary = from.primary;
  view.started = from.started;
  view.ended = from.ended;
  view.clean = from.clean();
  view.total = from.total;
  view.looked_up = from.looked_up;
  view.missing = from.missing;
  view.doubled = from.doubled;
  view.altered = from.altered;
  view.uncompared = from.uncompared;
  view.fresh = from.fresh;
  view.waiting = from.waiting;
  view.quarantined = from.quarantined;
  view.failure = from.failure;
  for (const service::Discrepancy& one : from.discrepancies) {
    view.discrepancies.push_back(
        {std::string(service::name(one.kind)), one.message.value(), one.ticket.value(), one.words});
  }
  return view;
}

HttpResponse latest_of(const Services& services, const std::string& primary) {
  const auto latest =
      services.reconcile != nullptr ? services.reconcile->latest(primary) : std::nullopt;
  if (!latest) {
    return problem(base::permanent(base::Code::not_found,
                                   primary + " was not read back since the daemon started"));
  }
  return answer(base::Result<api::Reconciliation>(view_of(*latest)));
}

}  // namespace

Answer reconciliation(const Services& services, Call call) {
  const auto primary = primary_of(services, call.arguments[0]);
  if (!primary) co_return problem(primary.error());
  co_return latest_of(services, (*primary)->name);
}

Answer start_reconciliation(const Services& services, Call call) {
  const auto primary = primary_of(services, call.arguments[0]);
  if (!primary) co_return problem(primary.error());
  const auto since = instant(call, "since");
  if (!since) co_return problem(since.error());
  if (services.reconcile == nullptr) {
    co_return problem(base::permanent(base::Code::unsupported, "nothing is read back here"));
  }
  const auto started = services.reconcile->start((*primary)->name, *since);
  if (!started) co_return problem(started.error());
  co_return latest_of(services, (*primary)->name);
}

}  // namespace beredd::control
