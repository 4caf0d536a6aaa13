#include "spf.h"

#include <arpa/inet.h>
#include <fmt/format.h>

namespace beredd::preflight {
namespace {

// A smarthost may be configured by its address.
std::vector<std::string> addresses_of_smarthost(Inquiry& inquiry, const std::string& host) {
  unsigned char octets[16];
  const bool is_address = ::inet_pton(AF_INET, host.c_str(), octets) == 1 ||
                          ::inet_pton(AF_INET6, host.c_str(), octets) == 1;
  return is_address ? std::vector{host} : inquiry.addresses_of(host);
}

const std::string kNobodys = "192.0.2.1";

void tell(Inquiry& inquiry, const std::string& domain, const std::string& address,
          const SpfVerdict& verdict) {
  const std::string relay = fmt::format("{} ({})", *inquiry.subject.smarthost, address);
  const std::string todo =
      fmt::format("let the SPF record of {} name the smarthost: ip{}:{}", domain,
                  address.find(':') == std::string::npos ? 4 : 6, address);
  const bool failed = verdict.result == SpfResult::fail;
  inquiry.find(failed ? Severity::error : Severity::warning,
               {"spf_not_ours", domain,
                fmt::format("SPF does not let {} send for the domain: {}", relay, verdict.because),
                failed ? "answers to customers that leave by it are refused"
                       : "answers to customers that leave by it may be taken for spam",
                todo});
}

}  // namespace

void judge_spf(Inquiry& inquiry, const std::string& domain) {
  const auto& smarthost = inquiry.subject.smarthost;
  const std::vector<std::string> addresses =
      smarthost ? addresses_of_smarthost(inquiry, *smarthost) : std::vector<std::string>();
  if (smarthost && addresses.empty()) {
    inquiry.find(Severity::warning,
                 {"smarthost_address", *smarthost, "no address of the smarthost can be found",
                  "answers cannot leave by it, and SPF cannot be held against it",
                  "correct smarthost.host, or its records"});
    return;
  }
  // Without a smarthost nothing leaves for the domain, but the record itself can be wrong: it is
  // read with an address that is nobody's (RFC 5737).
  const std::vector<std::string> judged = smarthost ? addresses : std::vector{kNobodys};
  for (const std::string& address : judged) {
    const SpfVerdict verdict = spf_of(inquiry, domain, address);
    switch (verdict.result) {
      case SpfResult::permerror:
        inquiry.find(Severity::warning,
                     {"spf_record", domain, "the SPF record cannot be used: " + verdict.because,
                      "receivers may refuse every mail of the domain, answers included",
                      "correct the TXT record (RFC 7208)"});
        return;
      case SpfResult::temperror:
        return inquiry.unanswered(domain, "the SPF record",
                                  base::transient(base::Code::unreachable, verdict.because));
      case SpfResult::pass:
      case SpfResult::depends: break;
      case SpfResult::none:
      case SpfResult::neutral:
      case SpfResult::softfail:
      case SpfResult::fail:
        if (smarthost) tell(inquiry, domain, address, verdict);
        break;
    }
  }
}

}  // namespace beredd::preflight
