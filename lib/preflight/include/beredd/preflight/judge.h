#pragma once
// What will fail, or be worse, once mail has to come in here. Pure: facts in, findings out.

#include "facts.h"

#include <set>
#include <string>
#include <vector>

namespace beredd::preflight {

enum class Severity {
  error,    // mail is lost to us, or refused
  warning,  // some mail, or some senders, will be; or it cannot be told
  note,     // good to know
};
std::string_view name(Severity severity);

struct Finding {
  Severity severity = Severity::note;
  std::string code;   // stable, for programs: "null_mx"
  std::string about;  // the domain or host
  std::string what;   // one sentence each, in plain words
  std::string why;    // what it means in an outage
  std::string todo;
};

// While there is something wanted, the findings say nothing yet: answer it and judge again.
struct Judgement {
  std::vector<Finding> findings;  // by domain, then by host
  std::set<Question> wanted;
  std::set<std::string> wanted_policies;  // domains
  bool complete() const { return wanted.empty() && wanted_policies.empty(); }
};

// RFC 5321 §5.1 and 7505 (MX), 8461 (MTA-STS), 8460 (TLS-RPT), 7672 (DANE), 7208 (SPF).
Judgement judge(const Subject& subject, const Facts& facts);

}  // namespace beredd::preflight
