#include "inquiry.h"

#include <algorithm>
#include <charconv>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::preflight {
namespace {

using io::RecordType;

bool is_address(const std::string& text) {
  unsigned char octets[16];
  return ::inet_pton(AF_INET, text.c_str(), octets) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), octets) == 1;
}

bool share_one(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& one) {
    return std::find(b.begin(), b.end(), one) != b.end();
  });
}

bool is_ours(Inquiry& inquiry, const std::string& host) {
  const std::string& own = inquiry.subject.hostname;
  if (base::same_ignoring_case(host, own)) return true;
  return share_one(inquiry.addresses_of(host), inquiry.addresses_of(own));
}

std::vector<MailHost> hosts_of(Inquiry& inquiry, const Looked& mx) {
  std::vector<MailHost> hosts;
  for (const std::string& record : mx.records) {
    const auto blank = record.find(' ');
    if (blank == std::string::npos) continue;
    MailHost host;
    std::from_chars(record.data(), record.data() + blank, host.preference);
    host.name = base::lower(record.substr(blank + 1));
    if (host.name != ".") host.ours = is_ours(inquiry, host.name);
    hosts.push_back(std::move(host));
  }
  std::stable_sort(hosts.begin(), hosts.end(), [](const MailHost& a, const MailHost& b) {
    return a.preference < b.preference;
  });
  return hosts;
}

void tell_null_mx(Inquiry& inquiry, const std::string& domain) {
  inquiry.find(Severity::error,
               {"null_mx", domain, "the MX says that the domain takes no mail (RFC 7505)",
                "senders bounce every mail at once, whatever listens here",
                "replace it by an MX record that names " + inquiry.subject.hostname});
}

// Without an MX, the domain's own address takes its mail (RFC 5321 §5.1).
void judge_implicit(Inquiry& inquiry, Route& route) {
  const std::vector<std::string> addresses = inquiry.addresses_of(route.domain);
  const std::string todo = "publish an MX record that names " + inquiry.subject.hostname;
  if (addresses.empty()) {
    inquiry.find(Severity::error, {"no_mx", route.domain, "there is neither an MX nor an address",
                                   "nobody can send mail to the domain", todo});
    return;
  }
  const bool ours = is_ours(inquiry, route.domain);
  inquiry.find(ours || inquiry.subject.fed ? Severity::warning : Severity::error,
               {"implicit_mx", route.domain,
                "there is no MX, so mail goes to the domain's own address, " + joined(addresses),
                ours ? "that is this host, but some senders want an MX"
                     : "that is not this host: mail does not come here in an outage",
                todo});
  route.known = true;
  route.hosts.push_back({0, route.domain, ours});
}

void tell_missing(Inquiry& inquiry, const Route& route) {
  std::vector<std::string> names;
  for (const MailHost& host : route.hosts) names.push_back(host.name);
  const Subject& subject = inquiry.subject;
  const std::string what =
      fmt::format("no MX names {}; mail goes to {}", subject.hostname, joined(names));
  if (subject.fed) {
    inquiry.find(Severity::warning,
                 {"not_an_mx", route.domain, what,
                  "mail comes here only while a server of your own passes it on; when that server "
                  "is part of the outage, nothing does",
                  fmt::format("if that is not meant, add: {} MX {} {}", route.domain,
                              route.hosts.back().preference + 10, subject.hostname)});
    return;
  }
  inquiry.find(
      Severity::error,
      {"not_an_mx", route.domain, what, "when those hosts fail, senders have nowhere else to go",
       fmt::format("add: {} MX {} {}; or let your own mail server pass the mail on, and "
                   "name it in smtp.trusted",
                   route.domain, route.hosts.back().preference + 10, subject.hostname)});
}

// Where we stand among the others.
void judge_order(Inquiry& inquiry, const Route& route) {
  const auto ours = std::find_if(route.hosts.begin(), route.hosts.end(),
                                 [](const MailHost& host) { return host.ours; });
  std::vector<std::string> equal, behind;
  for (const MailHost& host : route.hosts) {
    if (host.ours || host.preference < ours->preference) continue;
    (host.preference == ours->preference ? equal : behind).push_back(host.name);
  }
  if (!equal.empty()) {
    inquiry.find(Severity::warning,
                 {"equal_preference", route.domain,
                  fmt::format("{} and {} have the same preference, {}", ours->name, joined(equal),
                              ours->preference),
                  "senders choose between them by chance, and what fails behind one of them sends "
                  "nobody to the other",
                  "give this host a lower number to stand in front, a higher one to be a backup"});
  }
  if (!behind.empty()) {
    inquiry.find(Severity::note,
                 {"bypass", route.domain, fmt::format("{} stands behind this host", joined(behind)),
                  "while this host cannot be reached, mail goes there and beredd never sees it",
                  "leave it so if the platform is to take mail directly then"});
  }
}

// The other hosts, as far as they make senders wait.
void judge_others(Inquiry& inquiry, const Route& route) {
  for (const MailHost& host : route.hosts) {
    if (host.ours) continue;
    if (is_address(host.name)) {
      inquiry.find(Severity::warning,
                   {"mx_is_address", route.domain, "an MX names the address " + host.name,
                    "an MX must name a host (RFC 5321 section 5.1); senders pass over it",
                    "name a host that has this address"});
    } else if (inquiry.addresses_of(host.name).empty() &&
               !inquiry.ask(host.name, RecordType::a).failure) {
      inquiry.find(Severity::warning,
                   {"mx_without_address", route.domain, "the MX " + host.name + " has no address",
                    "senders pass over it", "give it an address, or take it out"});
    }
  }
}

}  // namespace

Route judge_mx(Inquiry& inquiry, const std::string& domain) {
  Route route{domain, {}, false, false, {}};
  const Looked& mx = inquiry.ask(domain, RecordType::mx);
  if (mx.failure) {
    inquiry.find(Severity::error,
                 {"mx_unknown", domain, "the MX cannot be looked up: " + mx.failure->detail,
                  "what senders cannot look up they cannot send to; nothing more is told of the "
                  "domain",
                  "see whether its name servers answer; ask others with dns.servers"});
    return route;
  }
  route.secure = mx.secure;
  route.hosts = hosts_of(inquiry, mx);
  const auto is_null = [](const MailHost& host) { return host.name == "."; };
  if (std::any_of(route.hosts.begin(), route.hosts.end(), is_null)) {
    tell_null_mx(inquiry, domain);
    return route;
  }
  if (route.hosts.empty()) {
    judge_implicit(inquiry, route);
  } else {
    route.known = true;
    judge_others(inquiry, route);
    const bool named = std::any_of(route.hosts.begin(), route.hosts.end(),
                                   [](const MailHost& host) { return host.ours; });
    if (named) {
      judge_order(inquiry, route);
    } else {
      tell_missing(inquiry, route);
    }
  }
  for (const MailHost& host : route.hosts) {
    if (host.ours) route.our_names.push_back(host.name);
  }
  // What stands in the way of an MX that is still to be published is told beforehand.
  if (route.known && route.our_names.empty() && !inquiry.subject.fed) {
    route.our_names.push_back(base::lower(inquiry.subject.hostname));
  }
  return route;
}

void judge_host(Inquiry& inquiry, const std::string& host) {
  const Looked& v4 = inquiry.ask(host, RecordType::a);
  const Looked& v6 = inquiry.ask(host, RecordType::aaaa);
  const std::vector<std::string> addresses = inquiry.addresses_of(host);
  if (is_address(host)) {
    inquiry.find(Severity::error, {"hostname_is_address", host, "smtp.hostname is an address",
                                   "no MX may name an address, so nobody can be sent here",
                                   "give this host a name, and set smtp.hostname to it"});
    return;
  }
  if (addresses.empty() && (v4.failure || v6.failure)) {
    return inquiry.unanswered(host, "the address", v4.failure ? *v4.failure : *v6.failure);
  }
  if (addresses.empty()) {
    inquiry.find(Severity::error,
                 {"no_address", host, "the name of this host has no address",
                  "nobody can connect to it", "publish an A or AAAA record for it"});
    return;
  }
  const std::vector<std::string>& listens = inquiry.subject.listens;
  if (!listens.empty() && !share_one(addresses, listens)) {
    inquiry.find(Severity::warning,
                 {"address_elsewhere", host,
                  fmt::format("the name has {}, but beredd listens on {}", joined(addresses),
                              joined(listens)),
                  "unless something passes connections on, nobody reaches beredd by this name",
                  "correct the address record, or smtp.listen"});
  }
}

}  // namespace beredd::preflight
