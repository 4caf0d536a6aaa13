#include "dns_check.h"
#include "run.h"

#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "beredd/base/text.h"
#include "beredd/config/config.h"
#include "beredd/service/certificates.h"

namespace beredd::beredctl {
namespace {

// What DNS was asked for, and what it said.
struct Asked {
  bool done = false;
  std::vector<preflight::Finding> findings;
  bool good() const { return !has_errors(findings); }
};

std::string as_json(const std::string& file, const config::Loaded& loaded, const Asked& dns) {
  using nlohmann::ordered_json;
  ordered_json problems = ordered_json::array();
  for (const config::Problem& problem : loaded.problems) {
    problems.push_back({{"text", problem.text}, {"fatal", problem.fatal}});
  }
  ordered_json out = {{"file", file},
                      {"ok", loaded.config != nullptr && dns.good()},
                      {"problems", std::move(problems)}};
  if (dns.done) {
    out["dns"] = ordered_json::array();
    for (const preflight::Finding& finding : dns.findings) {
      out["dns"].push_back({{"severity", name(finding.severity)},
                            {"code", finding.code},
                            {"about", finding.about},
                            {"what", finding.what},
                            {"why", finding.why},
                            {"do", finding.todo}});
    }
  }
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string problems_text(const config::Loaded& loaded, const Style& style) {
  std::string text;
  for (const config::Problem& problem : loaded.problems) {
    const Paint paint = problem.fatal ? Paint::bad : Paint::doubtful;
    text += painted(style, paint, problem.fatal ? "error" : "warning") + ": " +
            base::for_terminal(base::to_utf8(problem.text)) + "\n";
  }
  return text;
}

}  // namespace

// A file that is not in order says nothing of the world that could be looked up.
int run(Session& session, const CheckConfig& command) {
  config::Loaded loaded = config::load(command.file);
  if (loaded.config) {
    if (auto fit = service::try_certificates(loaded.config->smtp); !fit) {
      loaded.problems.push_back({fit.error().detail, true});
      loaded.config = nullptr;
    }
  }
  Asked dns;
  if (loaded.config && command.dns) {
    auto findings = check_dns(*loaded.config);
    if (!findings) return session.fail(findings.error());
    dns = {true, *std::move(findings)};
  }
  const bool good = loaded.config != nullptr && dns.good();
  if (session.json) {
    const int written = session.done(as_json(command.file, loaded, dns));
    return good ? written : kFailed;
  }
  const std::string text =
      problems_text(loaded, session.style) + findings_text(dns.findings, session.style);
  if (good) {
    return session.done(text + fmt::format("{} is in order{}.\n", command.file,
                                           dns.done ? ", and so is what DNS says" : ""));
  }
  session.err << text;
  return kFailed;
}

int run(Session& session, const ShowConfig&) {
  return session.show<api::ConfigView>(
      "/v1/config", [](const api::ConfigView& view, const Style&) { return view.toml; });
}

}  // namespace beredd::beredctl
