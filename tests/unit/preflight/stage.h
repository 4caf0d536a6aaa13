#pragma once
// A host, a domain and what the world says of them, in a few words a test.

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "beredd/preflight/judge.h"

namespace beredd::preflight {

using namespace std::chrono_literals;
using io::RecordType;

inline constexpr base::Instant kNow{std::chrono::seconds(1'795'000'000)};

inline io::Certificate certificate_for(std::vector<std::string> names) {
  io::Certificate certificate;
  certificate.file = "/etc/mx.pem";
  certificate.names = std::move(names);
  certificate.not_after = kNow + 60 * 24h;
  certificate.chain = {{{"aa00", "aa01", "aa02"}, {"bb00", "bb01", "bb02"}},
                       {{"cc00", "cc01", "cc02"}, {"dd00", "dd01", "dd02"}}};
  return certificate;
}

// A domain for which all is well: a backup MX with a certificate, a policy that names it, reports.
// What a test does not say has no records.
class Stage {
 public:
  Stage() {
    subject.hostname = "mx2.example.org";
    subject.domains = {"example.org"};
    subject.senders = {"example.org"};
    subject.certificates = {certificate_for({"mx2.example.org"})};
    subject.now = kNow;
    say("example.org", RecordType::mx, {"10 mx1.example.org", "20 mx2.example.org"});
    say("mx1.example.org", RecordType::a, {"192.0.2.1"});
    say("mx2.example.org", RecordType::a, {"192.0.2.2"});
    say("_smtp._tls.example.org", RecordType::txt, {"v=TLSRPTv1; rua=mailto:tls@reports.example"});
  }

  void say(const std::string& name, RecordType type, std::vector<std::string> records,
           bool secure = false) {
    facts.answers[{name, type}] = {std::move(records), secure, {}};
  }
  void fail(const std::string& name, RecordType type) {
    facts.answers[{name, type}] = {{}, false, base::transient(base::Code::timeout, "no answer")};
  }
  void policy(const std::string& text) {
    say("_mta-sts.example.org", RecordType::txt, {"v=STSv1; id=1"});
    facts.policies["example.org"] = {text, {}};
  }
  static std::string policy_text(const std::string& mode, const std::string& mx) {
    return "version: STSv1\r\nmode: " + mode + "\r\nmx: " + mx + "\r\nmax_age: 604800\r\n";
  }

  // What is wanted and was not said is answered with nothing, until the judgement is complete.
  std::vector<Finding> findings() {
    for (int round = 0; round < 50; ++round) {
      Judgement judgement = judge(subject, facts);
      if (judgement.complete()) return judgement.findings;
      for (const Question& question : judgement.wanted) facts.answers[question] = {};
      for (const std::string& domain : judgement.wanted_policies) {
        facts.policies[domain] = {"", base::transient(base::Code::unreachable, "no route")};
      }
    }
    ADD_FAILURE() << "the judgement is never complete";
    return {};
  }
  // "error null_mx example.org"
  std::vector<std::string> codes() {
    std::vector<std::string> codes;
    for (const Finding& finding : findings()) {
      EXPECT_FALSE(finding.what.empty() || finding.why.empty() || finding.todo.empty())
          << finding.code;
      codes.push_back(std::string(name(finding.severity)) + " " + finding.code + " " +
                      finding.about);
    }
    return codes;
  }

  Subject subject;
  Facts facts;
};

}  // namespace beredd::preflight
