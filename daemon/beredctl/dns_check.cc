#include "dns_check.h"

#include <algorithm>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "beredd/base/text.h"
#include "beredd/io/blocking_pool.h"
#include "beredd/preflight/gather.h"
#include "beredd/preflight/subject.h"
#include "beredd/remote/https_page.h"
#include "beredd/remote/unbound_resolver.h"

namespace beredd::beredctl {
namespace {

using base::Result;
using preflight::Finding;
using preflight::Severity;
using Resolver = std::unique_ptr<io::Resolver>;

constexpr std::size_t kFetchers = 4;
constexpr base::Duration kProofPatience = std::chrono::seconds(5);

// Everything that is asked, on one thread but for the pages.
class Asking {
 public:
  Asking(Resolver proving, Resolver plain, preflight::Subject subject)
      : proving_(std::move(proving)), plain_(std::move(plain)), subject_(std::move(subject)) {}

  std::vector<Finding> run() {
    io::spawn(io_.get_executor(), ask(), "config check --dns");
    io_.run();
    return std::move(findings_);
  }

 private:
  // A name server that strips signatures makes every name look forged. The root's own zone tells:
  // where it cannot be proven, nothing can, and DNSSEC is left out.
  io::Task<void> ask() {
    auto proof = co_await proving_->query("arpa", io::RecordType::txt, kProofPatience);
    subject_.proves = proof.ok() && proof->secure;
    resolver_ = subject_.proves ? proving_.get() : plain_.get();
    preflight::FetchPolicy fetch = [this](std::string domain, base::Duration timeout) {
      return fetch_policy(std::move(domain), timeout);
    };
    const preflight::World world{*resolver_, std::move(fetch), clock_};
    const io::Executor executor = io_.get_executor();
    findings_ = co_await preflight::gather_and_judge(executor, subject_, world);
  }

  io::Task<Result<std::string>> fetch_policy(std::string domain, base::Duration timeout) {
    const base::Instant end = clock_.steady() + timeout;
    remote::HttpsPage page;
    page.host = "mta-sts." + domain;
    page.path = "/.well-known/mta-sts.txt";
    for (const io::RecordType type : {io::RecordType::a, io::RecordType::aaaa}) {
      auto found = co_await resolver_->query(page.host, type, end - clock_.steady());
      if (!found) co_return std::move(found).error();
      page.addresses.insert(page.addresses.end(), found->records.begin(), found->records.end());
    }
    if (page.addresses.empty()) {
      co_return base::permanent(base::Code::not_found, page.host + " has no address");
    }
    const base::Duration left = end - clock_.steady();
    co_return co_await remote::fetch(*pool_, std::move(page), left);
  }

  boost::asio::io_context io_{1};  // outlives who completes on it
  const Resolver proving_, plain_;
  io::Resolver* resolver_ = nullptr;
  preflight::Subject subject_;
  const base::SystemClock clock_;
  std::unique_ptr<io::BlockingPool> pool_ = io::thread_pool(kFetchers);
  std::vector<Finding> findings_;
};

Paint paint_of(Severity severity) {
  switch (severity) {
    case Severity::error: return Paint::bad;
    case Severity::warning: return Paint::doubtful;
    case Severity::note: return Paint::faint;
  }
  return Paint::plain;
}

}  // namespace

Result<std::vector<Finding>> check_dns(const config::Config& config) {
  auto subject = preflight::subject_of(config, base::SystemClock().now());
  if (!subject) return std::move(subject).error();
  remote::UnboundOptions options;
  for (const config::Endpoint& at : config.dns.servers) {
    options.servers.push_back(fmt::format("{}@{}", at.host, at.port));
  }
  auto proving = remote::unbound_resolver(options);
  if (!proving) return std::move(proving).error();
  options.trust_anchor = std::nullopt;
  auto plain = remote::unbound_resolver(options);
  if (!plain) return std::move(plain).error();
  Asking asking(std::move(*proving), std::move(*plain), std::move(*subject));
  return asking.run();
}

bool has_errors(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.severity == Severity::error; });
}

std::string findings_text(const std::vector<Finding>& findings, const Style& style) {
  // Records are written by others.
  const auto safe = [](const std::string& text) { return base::for_terminal(base::to_utf8(text)); };
  std::string text;
  for (const Finding& finding : findings) {
    text +=
        fmt::format("{}: {}: {}\n  so: {}\n  do: {}\n",
                    painted(style, paint_of(finding.severity), name(finding.severity)),
                    safe(finding.about), safe(finding.what), safe(finding.why), safe(finding.todo));
  }
  return text;
}

}  // namespace beredd::beredctl
