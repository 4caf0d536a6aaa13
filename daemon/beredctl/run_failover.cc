#include "print.h"
#include "run.h"

#include <fmt/format.h>

namespace beredd::beredctl {
namespace {

std::string primary_path(std::string_view primary, std::string_view step) {
  return fmt::format("/v1/failover/{}/{}", percent_encoded(primary), step);
}

int change(Session& session, const std::string& target, const std::string& body) {
  const auto answer = session.client.post(target, body);
  if (!answer) return session.fail(answer.error());
  return session.present<api::PrimaryStatus>(*answer,
                                             [](const api::PrimaryStatus& now, const Style& style) {
                                               return failover_text({now}, style);
                                             });
}

}  // namespace

int run(Session& session, const ShowFailover&) {
  return session.show<std::vector<api::PrimaryStatus>>("/v1/failover", failover_text);
}

int run(Session& session, const ForceMode& command) {
  return change(session, primary_path(command.primary, "force"),
                api::encode(api::ForceRequest{command.mode}));
}

int run(Session& session, const ReleaseMode& command) {
  return change(session, primary_path(command.primary, "auto"), "{}");
}

int run(Session& session, const ShowHistory& command) {
  return session.show<std::vector<api::Transition>>(
      fmt::format("/v1/failover/history?primary={}&limit={}", percent_encoded(command.primary),
                  command.limit),
      history_text);
}

int run(Session& session, const ListChecks&) {
  return session.show<std::vector<api::CheckStatus>>("/v1/checks", checks_text);
}

int run(Session& session, const RunCheck& command) {
  const auto answer =
      session.client.post(fmt::format("/v1/checks/{}/run", percent_encoded(command.name)), "{}");
  if (!answer) return session.fail(answer.error());
  return session.present<api::CheckStatus>(*answer,
                                           [](const api::CheckStatus& check, const Style& style) {
                                             return checks_text({check}, style);
                                           });
}

}  // namespace beredd::beredctl
