// What the desk has written and has not left.

#include "print.h"
#include "run.h"

#include <fmt/format.h>

namespace beredd::beredctl {

int run(Session& session, const SettleTicket& command) {
  const auto body = session.client.post(fmt::format("/v1/tickets/{}/settle", command.id), "{}");
  if (!body) return session.fail(body.error());
  if (session.json) return session.done(*body);
  return session.done(fmt::format("Ticket {} is no longer undelivered.\n", command.id));
}

int run(Session& session, const ListOutgoing& command) {
  return session.show<std::vector<api::OutgoingItem>>(
      fmt::format("/v1/outgoing?limit={}", command.limit), outgoing_text);
}

int run(Session& session, const ResendOutgoing& command) {
  const auto body =
      session.client.post(fmt::format("/v1/outgoing/{}/resend", command.message), "{}");
  if (!body) return session.fail(body.error());
  if (session.json) return session.done(*body);
  return session.done(fmt::format("Message {} is tried again.\n", command.message));
}

int run(Session& session, const DropOutgoing& command) {
  const auto body = session.client.post(fmt::format("/v1/outgoing/{}/drop", command.message),
                                        api::encode(api::DropRequest{command.reason}));
  if (!body) return session.fail(body.error());
  if (session.json) return session.done(*body);
  return session.done(
      fmt::format("Message {} will not be sent; it stays in its ticket.\n", command.message));
}

}  // namespace beredd::beredctl
