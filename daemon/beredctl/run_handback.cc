#include "point_in_time.h"
#include "print.h"
#include "run.h"

#include <ostream>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "beredd/base/text.h"

namespace beredd::beredctl {
namespace {

using base::Result;

// Every primary of the daemon, or the one that was named.
Result<std::vector<std::string>> primaries(Session& session, const std::string& named) {
  if (!named.empty()) return std::vector<std::string>{named};
  const auto body = session.client.get("/v1/handback");
  if (!body) return body.error();
  const auto all = api::decode<std::vector<api::HandbackStatus>>(*body);
  if (!all) return all.error();
  std::vector<std::string> names;
  for (const api::HandbackStatus& primary : *all) names.push_back(primary.primary);
  return names;
}

std::string path(const std::string& primary, std::string_view step) {
  return fmt::format("/v1/handback/{}/{}", percent_encoded(primary), step);
}

// The answers of several calls as one JSON array.
std::string array_of(const std::vector<std::string>& bodies) {
  std::vector<std::string_view> trimmed;
  for (const std::string& body : bodies) trimmed.push_back(base::trim(body));
  return fmt::format("[{}]\n", fmt::join(trimmed, ","));
}

std::string_view word(HandbackStep step) {
  switch (step) {
    case HandbackStep::run: return "run";
    case HandbackStep::pause: return "pause";
    case HandbackStep::resume: return "resume";
  }
  return "";
}

Result<std::vector<std::uint64_t>> quarantined(Session& session) {
  const auto body = session.client.get("/v1/quarantine?limit=100000");
  if (!body) return body.error();
  const auto items = api::decode<std::vector<api::QuarantinedItem>>(*body);
  if (!items) return items.error();
  std::vector<std::uint64_t> ids;
  for (const api::QuarantinedItem& item : *items) ids.push_back(item.message);
  return ids;
}

constexpr auto kLookAgain = std::chrono::milliseconds(200);

Result<std::string> await_reconciliation(Session& session, const std::string& name) {
  for (;;) {
    auto body = session.client.get(path(name, "reconciliation"));
    if (!body) return body;
    const auto now = api::decode<api::Reconciliation>(*body);
    if (!now) return now.error();
    if (session.person) {
      session.err << fmt::format("\r{}: {} of {} looked up\x1b[K", name, now->looked_up, now->total)
                  << (now->ended ? "\r\x1b[K" : "") << std::flush;
    }
    if (now->ended) return body;
    std::this_thread::sleep_for(kLookAgain);
  }
}

}  // namespace

int run(Session& session, const ShowHandback&) {
  return session.show<std::vector<api::HandbackStatus>>("/v1/handback", handback_text);
}

int run(Session& session, const PlanHandback& command) {
  const auto names = primaries(session, command.primary);
  if (!names) return session.fail(names.error());
  std::vector<std::string> bodies;
  for (const std::string& name : *names) {
    const auto body =
        session.client.get(fmt::format("{}?limit={}", path(name, "plan"), command.limit));
    if (!body) return session.fail(body.error());
    bodies.push_back(*body);
  }
  return session.present<std::vector<api::Plan>>(array_of(bodies), plan_text);
}

int run(Session& session, const StepHandback& command) {
  const auto names = primaries(session, command.primary);
  if (!names) return session.fail(names.error());
  std::vector<std::string> bodies;
  for (const std::string& name : *names) {
    const auto body = session.client.post(path(name, word(command.step)), "{}");
    if (!body) return session.fail(body.error());
    bodies.push_back(*body);
  }
  return session.present<std::vector<api::HandbackStatus>>(array_of(bodies), handback_text);
}

// Begins everywhere, waits with a bar where somebody looks on, and ends well only when all is
// there.
int run(Session& session, const ReadBack& command) {
  const auto names = primaries(session, command.primary);
  if (!names) return session.fail(names.error());
  std::string query;
  if (!command.since.empty()) {
    const auto since = point_in_time(command.since, session.style.now);
    if (!since) return session.fail(since.error());
    query = "?since=" + percent_encoded(base::rfc3339(*since));
  }
  std::vector<std::string> bodies;
  bool clean = true;
  for (const std::string& name : *names) {
    const auto begun = session.client.post(path(name, "reconciliation") + query, "{}");
    if (!begun) return session.fail(begun.error());
    const auto ended = await_reconciliation(session, name);
    if (!ended) return session.fail(ended.error());
    const auto value = api::decode<api::Reconciliation>(*ended);
    if (!value) return session.fail(value.error());
    clean = clean && value->clean;
    bodies.push_back(*ended);
  }
  const int shown =
      session.present<std::vector<api::Reconciliation>>(array_of(bodies), reconciliation_text);
  return shown == kDone && !clean ? kFailed : shown;
}

int run(Session& session, const ListQuarantine&) {
  return session.show<std::vector<api::QuarantinedItem>>("/v1/quarantine", quarantine_text);
}

int run(Session& session, const RetryQuarantined& command) {
  Result<std::vector<std::uint64_t>> ids = std::vector<std::uint64_t>();
  if (command.message) {
    ids->push_back(*command.message);
  } else {
    ids = quarantined(session);
  }
  if (!ids) return session.fail(ids.error());
  std::vector<std::string> bodies;
  for (const std::uint64_t id : *ids) {
    const auto body = session.client.post(fmt::format("/v1/quarantine/{}/retry", id), "{}");
    if (!body) return session.fail(body.error());
    bodies.push_back(*body);
  }
  if (session.json) return session.done(array_of(bodies));
  return session.done(fmt::format(
      "{} tried again.\n",
      bodies.size() == 1 ? "1 message is" : fmt::format("{} messages are", bodies.size())));
}

int run(Session& session, const DropQuarantined& command) {
  const auto body = session.client.post(fmt::format("/v1/quarantine/{}/drop", command.message),
                                        api::encode(api::QuarantineRequest{"", command.reason}));
  if (!body) return session.fail(body.error());
  if (session.json) return session.done(*body);
  return session.done(
      fmt::format("Message {} will not be handed back; it stays here.\n", command.message));
}

}  // namespace beredd::beredctl
