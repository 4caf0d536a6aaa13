#include "inquiry.h"
#include "sts_policy.h"

#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::preflight {
namespace {

using io::RecordType;

std::vector<std::string> beginning_with(const Looked& looked, std::string_view start) {
  std::vector<std::string> records;
  for (const std::string& record : looked.records) {
    if (record.starts_with(start)) records.push_back(record);
  }
  return records;
}

// The value of `key` in "v=…; key=value; …", trimmed; empty when it is not there.
std::string_view field_of(std::string_view record, std::string_view key) {
  for (const std::string_view field : base::split(record, ';')) {
    const auto equals = field.find('=');
    if (equals == std::string_view::npos) continue;
    if (base::trim(field.substr(0, equals)) == key) return base::trim(field.substr(equals + 1));
  }
  return {};
}

// Whether the domain has a policy that senders would fetch.
bool announces(Inquiry& inquiry, const std::string& domain) {
  const Looked& looked = inquiry.ask("_mta-sts." + domain, RecordType::txt);
  if (looked.failure) {
    inquiry.unanswered(domain, "the MTA-STS record", *looked.failure);
    return false;
  }
  const auto records = beginning_with(looked, "v=STSv1");
  if (records.empty()) return false;
  if (records.size() == 1 && !field_of(records.front(), "id").empty()) return true;
  inquiry.find(Severity::warning,
               {"sts_record", domain,
                records.size() == 1 ? "the TXT record _mta-sts has no id"
                                    : "there are several TXT records _mta-sts",
                "senders take that for no policy, and their old one stays until it is too old",
                "publish one record: \"v=STSv1; id=20260101T000000\", with a new id each time"});
  return false;
}

void tell_left_out(Inquiry& inquiry, const Route& route, const std::string& host,
                   Severity severity) {
  inquiry.find(
      severity,
      {"sts_left_out", route.domain,
       fmt::format("the MTA-STS policy{} does not name {}",
                   severity == Severity::error ? " is in mode enforce and" : "", host),
       severity == Severity::error
           ? "senders that honour it do not send here; their mail waits, and bounces"
           : "nothing yet, because it is in mode testing; once enforced, senders do not send here",
       fmt::format("add \"mx: {}\" to https://mta-sts.{}/.well-known/mta-sts.txt, and give the TXT "
                   "record _mta-sts.{} a new id",
                   host, route.domain, route.domain)});
}

// Why a sender that verifies would refuse the certificate it is shown; empty: it would not.
std::string refusal_of(const Subject& subject, const std::string& host) {
  const io::Certificate* shown = shown_for(subject, host);
  if (shown == nullptr) return "there is no smtp.certificate, so mail comes in without TLS";
  if (!bears(*shown, host)) {
    return fmt::format("the certificate {} is for {}, not for {}", shown->file.string(),
                       joined(shown->names), host);
  }
  if (shown->not_after <= subject.now) {
    return fmt::format("the certificate {} has expired", shown->file.string());
  }
  if (shown->self_signed) {
    return fmt::format("the certificate {} signed itself; no public authority did",
                       shown->file.string());
  }
  return {};
}

void judge_named(Inquiry& inquiry, const Route& route, const std::string& host, Severity severity) {
  const std::string refusal = refusal_of(inquiry.subject, host);
  if (refusal.empty()) return;
  inquiry.find(severity,
               {"sts_certificate", route.domain, refusal,
                severity == Severity::error
                    ? "the MTA-STS policy is in mode enforce: senders that honour it do not send "
                      "here"
                    : "nothing yet, because the MTA-STS policy is in mode testing",
                fmt::format("get a certificate for {} from a public authority", host)});
}

}  // namespace

void judge_sts(Inquiry& inquiry, const Route& route) {
  if (!announces(inquiry, route.domain)) return;
  const Fetched& page = inquiry.policy_of(route.domain);
  if (page.failure) {
    inquiry.find(
        Severity::warning,
        {"sts_unfetched", route.domain,
         "the MTA-STS policy cannot be fetched: " + page.failure->detail,
         "senders go by the one they have; whether it names this host cannot be told here",
         fmt::format("see what https://mta-sts.{}/.well-known/mta-sts.txt answers", route.domain)});
    return;
  }
  const auto policy = parse_sts_policy(page.text);
  if (!policy) {
    inquiry.find(
        Severity::warning,
        {"sts_policy", route.domain, "the MTA-STS policy cannot be used: " + policy.error().detail,
         "senders take it for none, and their old one stays until it is too old",
         "correct the page (RFC 8461 section 3.2)"});
    return;
  }
  if (policy->mode == StsPolicy::Mode::none) return;
  const bool enforced = policy->mode == StsPolicy::Mode::enforce;
  const Severity severity = enforced ? Severity::error : Severity::warning;
  for (const std::string& host : route.our_names) {
    if (!policy->names(host)) tell_left_out(inquiry, route, host, severity);
    judge_named(inquiry, route, host, severity);
  }
}

void judge_tls_rpt(Inquiry& inquiry, const Route& route) {
  const Looked& looked = inquiry.ask("_smtp._tls." + route.domain, RecordType::txt);
  if (looked.failure)
    return inquiry.unanswered(route.domain, "the TLS-RPT record", *looked.failure);
  const auto records = beginning_with(looked, "v=TLSRPTv1");
  if (records.empty()) {
    inquiry.find(
        Severity::note,
        {"no_tls_rpt", route.domain, "nobody asks for reports on TLS (RFC 8460)",
         "when senders stay away because of TLS, you do not hear of it",
         fmt::format("publish _smtp._tls.{} TXT \"v=TLSRPTv1; rua=mailto:…\"", route.domain)});
    return;
  }
  const std::string_view to = field_of(records.front(), "rua");
  if (records.size() > 1 || to.empty()) {
    inquiry.find(Severity::warning, {"tls_rpt_record", route.domain,
                                     records.size() > 1 ? "there are several TLS-RPT records"
                                                        : "the TLS-RPT record has no rua",
                                     "senders report to nobody", "publish one record, with a rua"});
    return;
  }
  for (const std::string& served : inquiry.subject.domains) {
    if (!base::lower(to).ends_with("@" + served)) continue;
    inquiry.find(Severity::warning,
                 {"tls_rpt_at_home", route.domain, fmt::format("reports on TLS go to {}", to),
                  "that mail travels the way it reports on: when TLS fails, so does the report",
                  "let reports go to a domain that beredd does not serve"});
  }
}

}  // namespace beredd::preflight
