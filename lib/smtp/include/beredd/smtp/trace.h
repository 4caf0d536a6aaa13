#pragma once
// Our trace header (RFC 5321 §4.4): made at acceptance, kept beside the message, put on when it
// leaves.

#include <string>

#include "beredd/base/clock.h"

namespace beredd::smtp {

struct Hop {
  std::string client_name;     // what it said in HELO or EHLO
  std::string client_address;  // "192.0.2.7" or "2001:db8::7"; empty: unknown
  std::string client_host;     // its name in the DNS, where somebody looked it up; or empty
  std::string server_name;     // ours
  std::string id;              // unique for ever: "4f1c2a9b.1042"
  std::string for_mailbox;     // the only recipient, or empty when there are several
  bool extended = true;        // ESMTP rather than SMTP
  bool tls = false;            // …S (RFC 3848)
  bool smtputf8 = false;       // UTF8… (RFC 6531 §4.3); `for` may then hold UTF-8
  bool lmtp = false;           // LMTP
  base::Instant at{};
};

// "Received: from … by … with ESMTPS id … for <…>; date", folded at 78 columns, CRLF at the end.
// Nothing a client sent can end a line or a comment in it.
std::string received_header(const Hop& hop);

}  // namespace beredd::smtp
