#include "answers.h"
#include "handlers.h"
#include "views.h"

namespace beredd::control {

Answer list_checks(const Services& services, Call) {
  std::vector<api::CheckStatus> views;
  for (const service::CheckView& check : services.watch.checks())
    views.push_back(check_view(check));
  co_return answer(views);
}

Answer run_check(const Services& services, Call call) {
  const std::string name = call.arguments[0];
  const auto seen = co_await services.watch.run(name);
  if (!seen) co_return problem(seen.error(), "beredctl check list shows the names");
  for (const service::CheckView& check : services.watch.checks()) {
    if (name != check.check && name != check.primary + "/" + check.check) continue;
    service::CheckView after = check;
    after.last = *seen;
    co_return answer(check_view(after));
  }
  co_return problem(base::bug("the check ran and is not listed"));
}

}  // namespace beredd::control
