#include "answers.h"
#include "handlers.h"
#include "views.h"

namespace beredd::control {

Answer list_messages(const Services& services, Call call) {
  const auto limit = count(call, "limit", 100);
  if (!limit) co_return problem(limit.error());
  std::vector<api::Message> views;
  const auto read = services.context.store.read([&](const store::ReadTxn& txn) -> base::Status {
    for (const base::MessageId id : txn.latest_messages(base::MessageId(), *limit)) {
      auto view = message_view(txn, *services.context.config, id, Text::left_out);
      if (!view) return view.error();
      views.push_back(*std::move(view));
    }
    return {};
  });
  if (!read) co_return problem(read.error());
  co_return answer(views);
}

Answer show_message(const Services& services, Call call) {
  const auto id = number(call.arguments[0], "message");
  if (!id) co_return problem(id.error());
  base::Result<api::Message> view = base::bug("not read");
  const auto read = services.context.store.read([&](const store::ReadTxn& txn) -> base::Status {
    view = message_view(txn, *services.context.config, base::MessageId(*id), Text::included);
    return view ? base::Status() : view.error();
  });
  if (!read) co_return problem(read.error(), "beredctl message list shows the newest messages");
  co_return answer(view);
}

}  // namespace beredd::control
