#include "run.h"

#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "beredd/base/text.h"
#include "beredd/config/config.h"

namespace beredd::beredctl {
namespace {

std::string as_json(const std::string& file, const config::Loaded& loaded) {
  nlohmann::ordered_json problems = nlohmann::ordered_json::array();
  for (const config::Problem& problem : loaded.problems) {
    problems.push_back({{"text", problem.text}, {"fatal", problem.fatal}});
  }
  const nlohmann::ordered_json out = {
      {"file", file}, {"ok", loaded.config != nullptr}, {"problems", std::move(problems)}};
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

int run(Session& session, const CheckConfig& command) {
  const config::Loaded loaded = config::load(command.file);
  const bool good = loaded.config != nullptr;
  if (session.json) {
    const int written = session.done(as_json(command.file, loaded));
    return good ? written : kFailed;
  }
  std::string text;
  for (const config::Problem& problem : loaded.problems) {
    const Paint paint = problem.fatal ? Paint::bad : Paint::doubtful;
    text += painted(session.style, paint, problem.fatal ? "error" : "warning") + ": " +
            base::for_terminal(base::to_utf8(problem.text)) + "\n";
  }
  if (good) return session.done(text + fmt::format("{} is in order.\n", command.file));
  session.err << text;
  return kFailed;
}

int run(Session& session, const ShowConfig&) {
  return session.show<api::ConfigView>(
      "/v1/config", [](const api::ConfigView& view, const Style&) { return view.toml; });
}

}  // namespace beredd::beredctl
