#include "answers.h"
#include "handlers.h"
#include "views.h"

namespace beredd::control {
namespace {

base::Result<api::HandbackStatus> status_of(const Services& services, std::string_view primary) {
  const auto views = services.handback.status();
  if (!views) return views.error();
  for (const service::HandbackView& view : *views) {
    if (view.primary == primary) return handback_view(view);
  }
  return base::bug("a primary of the configuration has no hand-back");
}

using Step = io::Task<base::Status> (service::Handback::*)(std::string primary);

Answer take(const Services& services, Call call, Step step) {
  const auto primary = primary_of(services, call.arguments[0]);
  if (!primary) co_return problem(primary.error());
  const auto done = co_await (services.handback.*step)((*primary)->name);
  if (!done) co_return problem(done.error());
  co_return answer(status_of(services, (*primary)->name));
}

}  // namespace

Answer handback_status(const Services& services, Call) {
  const auto views = services.handback.status();
  if (!views) co_return problem(views.error());
  std::vector<api::HandbackStatus> out;
  for (const service::HandbackView& view : *views) out.push_back(handback_view(view));
  co_return answer(out);
}

Answer handback_plan(const Services& services, Call call) {
  const auto primary = primary_of(services, call.arguments[0]);
  if (!primary) co_return problem(primary.error());
  const auto limit = count(call, "limit", 100);
  if (!limit) co_return problem(limit.error());
  const auto plan = services.handback.plan((*primary)->name, *limit);
  if (!plan) co_return problem(plan.error());
  co_return answer(plan_view(*plan));
}

Answer handback_run(const Services& services, Call call) {
  return take(services, std::move(call), &service::Handback::run);
}

Answer handback_pause(const Services& services, Call call) {
  return take(services, std::move(call), &service::Handback::pause);
}

Answer handback_resume(const Services& services, Call call) {
  return take(services, std::move(call), &service::Handback::resume);
}

}  // namespace beredd::control
