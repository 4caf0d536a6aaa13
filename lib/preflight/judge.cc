#include "beredd/preflight/judge.h"

#include "inquiry.h"

#include <algorithm>

#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::preflight {
namespace {

// A host that senders know us by, and whether DNSSEC proved an MX that names it.
struct OurHost {
  std::string name;
  bool proven = false;
};

void add(std::vector<OurHost>& hosts, const std::string& name, bool proven) {
  const auto known = std::find_if(hosts.begin(), hosts.end(), [&](const OurHost& host) {
    return base::same_ignoring_case(host.name, name);
  });
  if (known == hosts.end()) {
    hosts.push_back({base::lower(name), proven});
  } else {
    known->proven = known->proven || proven;
  }
}

}  // namespace

Judgement judge(const Subject& subject, const Facts& facts) {
  Inquiry inquiry(subject, facts);
  std::vector<OurHost> hosts;
  for (const std::string& domain : subject.domains) {
    const Route route = judge_mx(inquiry, domain);
    if (!route.known) continue;
    for (const std::string& host : route.our_names) add(hosts, host, route.secure);
    judge_sts(inquiry, route);
    judge_tls_rpt(inquiry, route);
  }
  for (const OurHost& host : hosts) {
    judge_host(inquiry, host.name);
    judge_certificate(inquiry, host.name);
    judge_dane(inquiry, host.name, host.proven);
  }
  for (const std::string& domain : subject.senders) judge_spf(inquiry, domain);
  return std::move(inquiry).end();
}

}  // namespace beredd::preflight
