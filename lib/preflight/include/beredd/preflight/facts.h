#pragma once
// What is known before an outage: what is ours, and what the world says of it. Plain values.

#include <array>
#include <compare>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/base/error.h"
#include "beredd/io/certificate.h"
#include "beredd/io/resolver.h"

namespace beredd::preflight {

// This host, as its configuration describes it.
struct Subject {
  std::string hostname;                       // smtp.hostname
  std::vector<std::string> domains;           // that desks serve, in lower case, each once
  std::vector<std::string> senders;           // domains of desk.from, likewise
  std::vector<io::Certificate> certificates;  // smtp.certificate, then smtp.sni; empty: no TLS
  std::vector<std::string> listens;           // IP addresses listened on; empty: any
  bool fed = false;                           // a mail server of one's own may pass mail on
  std::optional<std::string> smarthost;       // a name or an address
  bool proves = true;                         // whether DNSSEC is looked at
  base::Instant now{};
};

// The answer to one question.
struct Looked {
  std::vector<std::string> records;  // see io::DnsAnswer; empty: there is none
  bool secure = false;
  std::optional<base::Error> failure = {};  // there is no answer
};

struct Question {
  std::string name;  // in lower case
  io::RecordType type = io::RecordType::a;
  friend auto operator<=>(const Question&, const Question&) = default;
};

// The page of a domain's MTA-STS policy (RFC 8461 §3.3).
struct Fetched {
  std::string text;
  std::optional<base::Error> failure = {};
};

struct Facts {
  std::map<Question, Looked> answers;
  std::map<std::string, Fetched> policies;  // by domain
};

}  // namespace beredd::preflight
