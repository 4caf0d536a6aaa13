#include "beredd/preflight/subject.h"

#include <algorithm>

#include "beredd/base/text.h"

namespace beredd::preflight {
namespace {

void add_once(std::vector<std::string>& domains, std::string domain) {
  // An address literal, "[192.0.2.1]", is looked up by nobody.
  if (domain.empty() || domain.starts_with('[')) return;
  if (std::find(domains.begin(), domains.end(), domain) == domains.end()) {
    domains.push_back(std::move(domain));
  }
}

// "Support <support@example.org>" or the bare address.
std::string domain_of(std::string_view address) {
  const auto at = address.rfind('@');
  if (at == std::string_view::npos) return {};
  std::string_view domain = address.substr(at + 1);
  domain = base::trim(domain.substr(0, domain.find('>')));
  return base::lower(domain);
}

bool is_loopback(std::string_view network) {
  return network.starts_with("127.") || network == "::1" || network == "::1/128";
}

bool is_any(std::string_view address) { return address == "0.0.0.0" || address == "::"; }

// One that listens everywhere, or on the sockets of systemd, may be reached at any address.
std::vector<std::string> listens_of(const config::Smtp& smtp) {
  std::vector<std::string> listens;
  for (const config::Endpoint& at : smtp.listen) {
    if (is_any(at.host)) return {};
    listens.push_back(at.host);
  }
  return listens;
}

}  // namespace

base::Result<Subject> subject_of(const config::Config& config, base::Instant now) {
  Subject subject;
  subject.hostname = config.smtp.hostname;
  if (subject.hostname.ends_with('.')) subject.hostname.pop_back();
  for (const config::Desk& desk : config.desks) {
    for (const std::string& address : desk.addresses) add_once(subject.domains, domain_of(address));
    add_once(subject.senders, domain_of(desk.from));
  }
  std::vector<std::filesystem::path> files;
  if (config.smtp.certificate) files.push_back(*config.smtp.certificate);
  for (const config::Sni& sni : config.smtp.sni) files.push_back(sni.certificate);
  for (const std::filesystem::path& file : files) {
    auto certificate = io::read_certificate(file);
    if (!certificate) return std::move(certificate).error();
    subject.certificates.push_back(std::move(*certificate));
  }
  subject.listens = listens_of(config.smtp);
  const auto& trusted = config.smtp.trusted;
  subject.fed =
      !config.lmtp.listen.empty() || !std::all_of(trusted.begin(), trusted.end(), is_loopback);
  if (config.smarthost) subject.smarthost = config.smarthost->at.host;
  subject.now = now;
  return subject;
}

}  // namespace beredd::preflight
