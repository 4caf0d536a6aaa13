// Files for mails that are being written, and mails that have not left.

#include "beredd/service/outgoing.h"

#include "answers.h"
#include "handlers.h"
#include "views.h"

#include "beredd/service/answers.h"
#include "beredd/service/uploads.h"

namespace beredd::control {
namespace {

constexpr std::string_view kHint = "beredctl outgoing list shows what has not left";

HttpResponse upload_view(const base::Result<service::Upload>& upload) {
  if (!upload) return problem(upload.error());
  return answer(api::Upload{upload->id, upload->name, upload->type, upload->size});
}

api::OutgoingItem item_view(const service::OutgoingItem& item) {
  const store::Delivery& delivery = item.delivery;
  api::OutgoingItem view;
  view.message = delivery.message.value();
  view.ticket = delivery.ticket.value();
  view.state = store::name(delivery.state);
  view.attempts = delivery.attempts;
  view.since = delivery.created;
  if (delivery.state == store::DeliveryState::queued) view.due = delivery.due;
  view.words = delivery.words;
  for (const mail::Address& one : item.to) view.to.push_back({one.name, one.address});
  view.subject = item.subject;
  return view;
}

base::Result<api::Message> message_of(const Services& services, base::MessageId id) {
  base::Result<api::Message> view = base::bug("not read");
  const auto read = services.context.store.read([&](const store::ReadTxn& txn) -> base::Status {
    view = message_view(txn, *services.context.config, id, Text::left_out);
    return view ? base::Status() : view.error();
  });
  if (!read) return read.error();
  return view;
}

}  // namespace

Answer begin_upload(const Services& services, Call call) {
  if (services.uploads == nullptr) co_return problem(base::bug("nobody takes files here"));
  std::string name = word(call, "name"), type = word(call, "type");
  auto begun = co_await services.uploads->begin(std::move(name), std::move(type));
  if (!begun || call.request.body.empty()) co_return upload_view(begun);
  std::string id = begun->id;
  const auto upload =
      co_await services.uploads->append(std::move(id), std::move(call.request.body));
  co_return upload_view(upload);
}

Answer go_on_upload(const Services& services, Call call) {
  if (services.uploads == nullptr) co_return problem(base::bug("nobody takes files here"));
  const auto upload =
      co_await services.uploads->append(std::move(call.arguments[0]), std::move(call.request.body));
  co_return upload_view(upload);
}

Answer list_outgoing(const Services& services, Call call) {
  const auto limit = count(call, "limit", 1000);
  if (!limit) co_return problem(limit.error());
  std::vector<api::OutgoingItem> views;
  const auto read = services.context.store.read([&](const store::ReadTxn& txn) -> base::Status {
    const auto items = service::outgoing_items(txn, *limit);
    if (!items) return items.error();
    for (const service::OutgoingItem& item : *items) views.push_back(item_view(item));
    return {};
  });
  if (!read) co_return problem(read.error());
  co_return answer(views);
}

Answer resend_outgoing(const Services& services, Call call) {
  if (services.answers == nullptr) co_return problem(base::bug("nobody answers here"));
  const auto id = number(call.arguments[0], "message");
  if (!id) co_return problem(id.error());
  const base::MessageId message(*id);
  const auto sent = co_await services.answers->resend(message, std::move(call.who));
  if (!sent) co_return problem(sent.error(), kHint);
  co_return answer(message_of(services, message));
}

Answer drop_outgoing(const Services& services, Call call) {
  if (services.answers == nullptr) co_return problem(base::bug("nobody answers here"));
  const auto id = number(call.arguments[0], "message");
  if (!id) co_return problem(id.error());
  auto request = api::decode<api::DropRequest>(call.request.body);
  if (!request) co_return problem(request.error());
  if (request->reason.empty()) {
    co_return problem(base::permanent(base::Code::invalid, "say why: a reason is missing"));
  }
  const base::MessageId message(*id);
  const auto dropped =
      co_await services.answers->give_up(message, std::move(request->reason), std::move(call.who));
  if (!dropped) co_return problem(dropped.error(), kHint);
  co_return answer(message_of(services, message));
}

}  // namespace beredd::control
