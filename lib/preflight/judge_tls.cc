#include "inquiry.h"

#include <algorithm>

#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::preflight {
namespace {

using io::RecordType;

constexpr base::Duration kSoon = std::chrono::hours(24 * 14);

struct Tlsa {
  int usage = 0, selector = 0, matching = 0;
  std::string data;
};

// "3 1 1 0b9f…"; nothing for what is none of the known kinds.
std::optional<Tlsa> parse_tlsa(std::string_view record) {
  const std::vector<std::string_view> parts = base::split(record, ' ');
  if (parts.size() != 4) return std::nullopt;
  for (std::size_t i = 0; i < 3; ++i) {
    if (parts[i].size() != 1 || parts[i][0] < '0' || parts[i][0] > '3') return std::nullopt;
  }
  Tlsa tlsa{parts[0][0] - '0', parts[1][0] - '0', parts[2][0] - '0', base::lower(parts[3])};
  return tlsa.selector <= 1 && tlsa.matching <= 2 ? std::optional(tlsa) : std::nullopt;
}

// RFC 7672 §3.1.3: usages 0 and 1 are not for mail.
bool is_usable(const Tlsa& tlsa) { return tlsa.usage >= 2; }

bool fits(const Tlsa& tlsa, const io::ChainLink& link) {
  const io::TlsaForms& forms = tlsa.selector == 0 ? link.whole : link.key;
  return forms[static_cast<std::size_t>(tlsa.matching)] == tlsa.data;
}

// Of usage 3 the host's own certificate counts and nothing else about it; of usage 2 one above it,
// and then the name and the time count too (RFC 7672 §3.1.1, §3.1.2).
bool satisfies(const Tlsa& tlsa, const io::Certificate& shown, std::string_view host,
               base::Instant now) {
  if (shown.chain.empty()) return false;
  if (tlsa.usage == 3) return fits(tlsa, shown.chain.front());
  const auto first = shown.chain.begin() + (shown.self_signed ? 0 : 1);
  return bears(shown, host) && shown.not_after > now &&
         std::any_of(first, shown.chain.end(),
                     [&](const io::ChainLink& link) { return fits(tlsa, link); });
}

void tell_mismatch(Inquiry& inquiry, const std::string& host, const io::Certificate* shown,
                   bool sure) {
  const std::string which = shown == nullptr ? "there is no smtp.certificate"
                                             : fmt::format("no TLSA record fits the certificate {}",
                                                           shown->file.string());
  inquiry.find(
      sure ? Severity::error : Severity::warning,
      {"dane_mismatch", host, which,
       sure
           ? "senders that honour DANE do not send here; their mail waits, and bounces"
           : "if the domain is signed with DNSSEC, which could not be looked at here, senders that "
             "honour DANE do not send here",
       shown == nullptr
           ? "configure the certificate that the TLSA record is for, or take the record out"
           : fmt::format("publish _25._tcp.{} TLSA 3 1 1 {}", host, shown->chain.front().key[1])});
}

}  // namespace

void judge_certificate(Inquiry& inquiry, const std::string& host) {
  const Subject& subject = inquiry.subject;
  const io::Certificate* shown = shown_for(subject, host);
  if (shown == nullptr) {
    inquiry.find(Severity::warning,
                 {"no_certificate", host, "there is no smtp.certificate",
                  "mail travels in the clear, and senders that insist on TLS stay away",
                  "set smtp.certificate and smtp.private_key"});
    return;
  }
  if (!bears(*shown, host)) {
    inquiry.find(Severity::warning,
                 {"certificate_name", host,
                  fmt::format("the certificate {} is for {}, not for {}", shown->file.string(),
                              shown->names.empty() ? "no name" : joined(shown->names), host),
                  "senders that verify it stay away",
                  fmt::format("get a certificate for {}, or add one with [[smtp.sni]]", host)});
  }
  if (shown->not_after > subject.now + kSoon) return;
  const bool over = shown->not_after <= subject.now;
  inquiry.find(Severity::warning, {"certificate_expiry", host,
                                   fmt::format("the certificate {} {}", shown->file.string(),
                                               over ? "has expired" : "expires within 14 days"),
                                   over ? "senders that verify it stay away"
                                        : "from then on senders that verify it stay away",
                                   "renew it, and see why that did not happen by itself"});
}

void judge_dane(Inquiry& inquiry, const std::string& host, bool proven) {
  const Looked& looked = inquiry.ask("_25._tcp." + host, RecordType::tlsa);
  if (looked.failure) {
    // RFC 7672 §2.1.2: where the answer cannot be had, mail is put off, if the zone is signed.
    return inquiry.unanswered(host, "the TLSA record", *looked.failure);
  }
  if (looked.records.empty()) return;
  if (inquiry.subject.proves && !(looked.secure && proven)) {
    inquiry.find(Severity::note,
                 {"dane_unsigned", host,
                  looked.secure ? "there are TLSA records, but the MX is not signed with DNSSEC"
                                : "there are TLSA records, but no DNSSEC proves them",
                  "senders take no notice of them", "sign the zones, or take the records out"});
    return;
  }
  const io::Certificate* shown = shown_for(inquiry.subject, host);
  bool usable = false;
  for (const std::string& record : looked.records) {
    const auto tlsa = parse_tlsa(record);
    if (!tlsa || !is_usable(*tlsa)) continue;
    usable = true;
    if (shown != nullptr && satisfies(*tlsa, *shown, host, inquiry.subject.now)) return;
  }
  if (usable) return tell_mismatch(inquiry, host, shown, inquiry.subject.proves);
  inquiry.find(Severity::warning,
               {"dane_unusable", host, "no TLSA record is of a kind that mail servers use",
                "senders ask for TLS, but verify nothing (RFC 7672 section 3.1.3)",
                "publish one that begins with 3 1 1 or 2 1 1"});
}

}  // namespace beredd::preflight
