#pragma once
// One pass of judgement: reads the facts, notes what is missing, gathers findings.

#include <string>
#include <string_view>

#include "beredd/preflight/judge.h"

namespace beredd::preflight {

class Inquiry {
 public:
  Inquiry(const Subject& its_subject, const Facts& facts) : subject(its_subject), facts_(facts) {}

  // What is not known yet looks like an answer without records.
  const Looked& ask(std::string_view name, io::RecordType type);
  const Fetched& policy_of(const std::string& domain);
  // A and AAAA together; nothing when both could not be answered.
  std::vector<std::string> addresses_of(const std::string& host);

  struct Words {
    std::string_view code, about;
    std::string what, why, todo;
  };
  void find(Severity severity, Words words);
  // A question without an answer, as a warning.
  void unanswered(std::string_view about, std::string_view of_what, const base::Error& failure);

  Judgement end() && { return std::move(judgement_); }

  const Subject& subject;

 private:
  const Facts& facts_;
  Judgement judgement_;
};

// A host of the domain's mail, the most preferred first.
struct MailHost {
  int preference = 0;
  std::string name;
  bool ours = false;
};

// How mail for one domain travels.
struct Route {
  std::string domain;
  std::vector<MailHost> hosts;
  bool secure = false;  // DNSSEC proved the MX
  bool known = false;   // the rest can be judged
  // The names that senders will know us by: those in the MX, else smtp.hostname.
  std::vector<std::string> our_names;
};

Route judge_mx(Inquiry& inquiry, const std::string& domain);
void judge_sts(Inquiry& inquiry, const Route& route);
void judge_tls_rpt(Inquiry& inquiry, const Route& route);
void judge_spf(Inquiry& inquiry, const std::string& domain);
void judge_host(Inquiry& inquiry, const std::string& host);
void judge_certificate(Inquiry& inquiry, const std::string& host);
// `proven`: DNSSEC proved an MX that names it.
void judge_dane(Inquiry& inquiry, const std::string& host, bool proven);

// What a sender that asks for `host` is shown (RFC 6066 §3); null: there is no TLS.
const io::Certificate* shown_for(const Subject& subject, std::string_view host);
bool bears(const io::Certificate& certificate, std::string_view host);
// "*.example.net" fits one label in its place (RFC 6125 §6.4.3, RFC 8461 §4.1).
bool fits_pattern(std::string_view pattern, std::string_view host);
std::string joined(const std::vector<std::string>& words);  // "a, b"

}  // namespace beredd::preflight
