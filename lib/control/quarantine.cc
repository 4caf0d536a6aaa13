#include "answers.h"
#include "handlers.h"
#include "views.h"

#include <fmt/format.h>

namespace beredd::control {
namespace {

struct Chosen {
  base::MessageId message;
  std::string primary;
};

// The primary whose quarantine holds `message`; `asked` when it is named.
base::Result<std::string> holder_of(const Services& services, base::MessageId message,
                                    const std::string& asked) {
  std::string holder;
  const auto read = services.context.store.read([&](const store::ReadTxn& txn) -> base::Status {
    if (const auto there = txn.message(message); !there) return there.error();
    for (const config::Primary& primary : services.context.config->primaries) {
      if (!asked.empty() && primary.name != asked) continue;
      const auto delivery = txn.delivery(message, primary.name);
      if (!delivery) return delivery.error();
      if (*delivery && (*delivery)->state == store::DeliveryState::quarantined)
        holder = primary.name;
    }
    return {};
  });
  if (!read) return read.error();
  if (!holder.empty()) return holder;
  return base::permanent(base::Code::conflict,
                         fmt::format("message {} is in no quarantine", message.value()));
}

base::Result<api::QuarantineRequest> request_of(const Call& call) {
  if (call.request.body.empty()) return api::QuarantineRequest{};
  return api::decode<api::QuarantineRequest>(call.request.body);
}

base::Result<Chosen> chosen(const Services& services, const Call& call,
                            const api::QuarantineRequest& request) {
  const auto id = number(call.arguments[0], "message");
  if (!id) return id.error();
  const base::MessageId message(*id);
  if (!request.primary.empty()) {
    if (const auto known = primary_of(services, request.primary); !known) return known.error();
  }
  auto holder = holder_of(services, message, request.primary);
  if (!holder) return holder.error();
  return Chosen{message, *std::move(holder)};
}

base::Result<api::Message> view_of(const Services& services, base::MessageId id) {
  base::Result<api::Message> view = base::bug("not read");
  const auto read = services.context.store.read([&](const store::ReadTxn& txn) -> base::Status {
    view = message_view(txn, *services.context.config, id, Text::left_out);
    return view ? base::Status() : view.error();
  });
  if (!read) return read.error();
  return view;
}

constexpr std::string_view kHint = "beredctl handback quarantine list shows what is there";

}  // namespace

Answer list_quarantine(const Services& services, Call call) {
  const auto limit = count(call, "limit", 1000);
  if (!limit) co_return problem(limit.error());
  const auto deliveries = services.handback.quarantine(*limit);
  if (!deliveries) co_return problem(deliveries.error());
  std::vector<api::QuarantinedItem> items;
  const auto read = services.context.store.read([&](const store::ReadTxn& txn) -> base::Status {
    for (const store::Delivery& delivery : *deliveries) {
      auto item = quarantine_view(txn, delivery);
      if (!item) return item.error();
      items.push_back(*std::move(item));
    }
    return {};
  });
  if (!read) co_return problem(read.error());
  co_return answer(items);
}

Answer retry_quarantined(const Services& services, Call call) {
  const auto request = request_of(call);
  if (!request) co_return problem(request.error());
  const auto which = chosen(services, call, *request);
  if (!which) co_return problem(which.error(), kHint);
  const auto done = co_await services.handback.retry(which->message, which->primary);
  if (!done) co_return problem(done.error(), kHint);
  co_return answer(view_of(services, which->message));
}

Answer drop_quarantined(const Services& services, Call call) {
  const auto request = request_of(call);
  if (!request) co_return problem(request.error());
  if (request->reason.empty()) {
    co_return problem(base::permanent(base::Code::invalid, "say why: a reason is missing"));
  }
  const auto which = chosen(services, call, *request);
  if (!which) co_return problem(which.error(), kHint);
  std::string why = fmt::format("{} ({})", request->reason, call.who);
  const auto done = co_await services.handback.drop(which->message, which->primary, std::move(why));
  if (!done) co_return problem(done.error(), kHint);
  co_return answer(view_of(services, which->message));
}

}  // namespace beredd::control
