#include "point_in_time.h"
#include "print.h"
#include "run.h"

#include <ostream>

#include <fmt/format.h>

namespace beredd::beredctl {
namespace {

// "/v1/tickets" and what follows the question mark; empty values are left out.
class Target {
 public:
  explicit Target(std::string path) : text_(std::move(path)) {}
  Target& with(std::string_view key, std::string_view value) {
    if (!value.empty()) {
      text_ += fmt::format("{}{}={}", first_ ? '?' : '&', key, percent_encoded(value));
      first_ = false;
    }
    return *this;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  bool first_ = true;
};

// Beside the answer, not in it: what was found is right, but may not be all.
void say_what_is_missing(Session& session) {
  const auto body = session.client.get("/v1/status");
  if (!body) return;
  const auto status = api::decode<api::Status>(*body);
  if (status && status->unindexed > 0) {
    session.err << fmt::format("{} {} not in the search yet\n", counted(status->unindexed, "mail"),
                               status->unindexed == 1 ? "is" : "are");
  }
}

int copy_bytes(Session& session, const std::string& target) {
  const auto copied = session.client.stream(target, [&](std::string_view piece) {
    session.out.write(piece.data(), static_cast<std::streamsize>(piece.size()));
    return session.out.good();
  });
  return copied ? session.done("") : session.fail(copied.error());
}

}  // namespace

int run(Session& session, const ShowStatus&) {
  return session.show<api::Status>("/v1/status", status_text);
}

int run(Session& session, const ListTickets& command) {
  Target target("/v1/tickets");
  target.with("state", command.state).with("desk", command.desk);
  target.with("assignee", command.assignee).with("custody", command.custody);
  target.with("search", command.search).with("limit", std::to_string(command.limit));
  target.with("sort", command.sort).with("overdue", command.overdue ? "true" : "");
  if (command.watch) {
    return watch(session, [target = target.text()](Session& its) -> base::Result<std::string> {
      auto body = its.client.get(target);
      if (!body || its.json) return body;
      const auto tickets = api::decode<std::vector<api::Ticket>>(*body);
      if (!tickets) return tickets.error();
      return tickets_text(*tickets, its.style);
    });
  }
  const int shown = session.show<std::vector<api::Ticket>>(target.text(), tickets_text);
  if (shown == kDone && !command.search.empty()) say_what_is_missing(session);
  return shown;
}

int run(Session& session, const ShowTicket& command) {
  return session.show<api::Ticket>(fmt::format("/v1/tickets/{}", command.id), ticket_text);
}

int run(Session& session, const ListEvents& command) {
  return session.show<std::vector<api::ServiceEvent>>(
      fmt::format("/v1/events?after={}&limit={}", command.after, command.limit), events_text);
}

int run(Session& session, const ListMessages& command) {
  return session.show<std::vector<api::Message>>(
      fmt::format("/v1/messages?limit={}", command.limit), messages_text);
}

int run(Session& session, const ShowMessage& command) {
  return session.show<api::Message>(fmt::format("/v1/messages/{}", command.id), message_text);
}

int run(Session& session, const RawMessage& command) {
  return copy_bytes(session, fmt::format("/v1/messages/{}/raw", command.id));
}

int run(Session& session, const MessagePart& command) {
  return copy_bytes(session, fmt::format("/v1/messages/{}/parts/{}", command.id, command.index));
}

int run(Session& session, const ExportMail& command) {
  Target target(command.tickets ? "/v1/export/tickets" : "/v1/export");
  target.with("desk", command.desk);
  if (!command.since.empty()) {
    const auto since = point_in_time(command.since, session.style.now);
    if (!since) return session.fail(since.error());
    target.with("since", base::rfc3339(*since));
  }
  return copy_bytes(session, target.text());
}

}  // namespace beredd::beredctl
