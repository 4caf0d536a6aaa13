#include "inquiry.h"

#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::preflight {

const Looked& Inquiry::ask(std::string_view name, io::RecordType type) {
  static const Looked kNotYet;
  Question question{base::lower(name), type};
  const auto found = facts_.answers.find(question);
  if (found != facts_.answers.end()) return found->second;
  judgement_.wanted.insert(std::move(question));
  return kNotYet;
}

const Fetched& Inquiry::policy_of(const std::string& domain) {
  static const Fetched kNotYet;
  const auto found = facts_.policies.find(domain);
  if (found != facts_.policies.end()) return found->second;
  judgement_.wanted_policies.insert(domain);
  return kNotYet;
}

std::vector<std::string> Inquiry::addresses_of(const std::string& host) {
  std::vector<std::string> addresses = ask(host, io::RecordType::a).records;
  const Looked& v6 = ask(host, io::RecordType::aaaa);
  addresses.insert(addresses.end(), v6.records.begin(), v6.records.end());
  return addresses;
}

void Inquiry::find(Severity severity, Words words) {
  judgement_.findings.push_back({severity, std::string(words.code), std::string(words.about),
                                 std::move(words.what), std::move(words.why),
                                 std::move(words.todo)});
}

void Inquiry::unanswered(std::string_view about, std::string_view of_what,
                         const base::Error& failure) {
  find(Severity::warning,
       {"unanswered", about, fmt::format("{} cannot be looked up: {}", of_what, failure.detail),
        "senders that ask for it may put mail off, and nothing can be told of it here",
        "see whether the name servers of the domain answer; ask others with dns.servers"});
}

bool fits_pattern(std::string_view pattern, std::string_view host) {
  if (base::same_ignoring_case(pattern, host)) return true;
  if (!pattern.starts_with("*.")) return false;
  const auto dot = host.find('.');
  return dot != std::string_view::npos && dot > 0 &&
         base::same_ignoring_case(pattern.substr(1), host.substr(dot));
}

bool bears(const io::Certificate& certificate, std::string_view host) {
  for (const std::string& name : certificate.names) {
    if (fits_pattern(name, host)) return true;
  }
  return false;
}

const io::Certificate* shown_for(const Subject& subject, std::string_view host) {
  for (const io::Certificate& certificate : subject.certificates) {
    for (const std::string& name : certificate.names) {
      if (base::same_ignoring_case(name, host)) return &certificate;
    }
  }
  for (const io::Certificate& certificate : subject.certificates) {
    if (bears(certificate, host)) return &certificate;
  }
  return subject.certificates.empty() ? nullptr : &subject.certificates.front();
}

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string_view name(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: return "note";
  }
  return "note";
}

}  // namespace beredd::preflight
