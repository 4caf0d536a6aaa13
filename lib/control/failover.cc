#include "answers.h"
#include "handlers.h"
#include "views.h"

#include <fmt/format.h>

namespace beredd::control {

Answer failover_status(const Services& services, Call) {
  std::vector<api::PrimaryStatus> views;
  for (const config::Primary& primary : services.context.config->primaries) {
    views.push_back(primary_view(services.modes.standing(primary.name)));
  }
  co_return answer(views);
}

Answer failover_history(const Services& services, Call call) {
  const auto limit = count(call, "limit", 50);
  if (!limit) co_return problem(limit.error());
  const std::string primary = word(call, "primary");
  std::vector<api::Transition> views;
  const auto read = services.context.store.read([&](const store::ReadTxn& txn) -> base::Status {
    const auto records = txn.transitions(primary, *limit);
    if (!records) return records.error();
    for (const store::TransitionRecord& record : *records) views.push_back(transition_view(record));
    return {};
  });
  if (!read) co_return problem(read.error());
  if (views.empty() && !primary.empty()) {
    const auto known = primary_of(services, primary);
    if (!known) co_return problem(known.error());
  }
  co_return answer(views);
}

Answer force_mode(const Services& services, Call call) {
  const auto primary = primary_of(services, call.arguments[0]);
  if (!primary) co_return problem(primary.error());
  const auto wanted = api::decode<api::ForceRequest>(call.request.body);
  if (!wanted) co_return problem(wanted.error());
  const auto mode = failover::mode_named(wanted->mode);
  if (mode != failover::Mode::fallback && mode != failover::Mode::normal) {
    co_return problem(base::permanent(
        base::Code::invalid,
        fmt::format("\"{}\" cannot be forced: fallback or normal can", wanted->mode)));
  }
  const auto forced = co_await services.modes.force((*primary)->name, *mode, call.who);
  if (!forced) co_return problem(forced.error());
  co_return answer(primary_view(services.modes.standing((*primary)->name)));
}

Answer release_mode(const Services& services, Call call) {
  const auto primary = primary_of(services, call.arguments[0]);
  if (!primary) co_return problem(primary.error());
  const auto released = co_await services.modes.release((*primary)->name, call.who);
  if (!released) co_return problem(released.error());
  co_return answer(primary_view(services.modes.standing((*primary)->name)));
}

}  // namespace beredd::control
