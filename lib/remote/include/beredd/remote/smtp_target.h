#pragma once
// A primary that takes mail by SMTP (RFC 5321) or LMTP (RFC 2033), as a Target. Many messages a
// connection, pipelined. Look-up works where the server offers CHECKPOINT (RFC 1845): MAIL with the
// transaction id is answered 355 and the octet count when the server holds the message.

#include <functional>
#include <memory>
#include <string>

#include "beredd/base/units.h"
#include "beredd/io/network.h"
#include "beredd/io/target.h"
#include "beredd/io/tls.h"
#include "beredd/smtp/client_session.h"

namespace beredd::remote {

struct SmtpTargetOptions {
  io::Address at;
  std::string helo;  // our name; also the domain of the transaction ids
  smtp::TlsPolicy tls = smtp::TlsPolicy::opportunistic;
  // For connecting (30 s at most), for TLS, for each write and for each reply, that to the final
  // dot too.
  base::Duration timeout = std::chrono::minutes(5);
  // Whom to log in as, asked for each connection; empty: no login. Its errors, and a login that
  // fails, are errors of open(): the mail waits.
  std::function<base::Result<smtp::Credentials>()> credentials{};
  bool lmtp = false;  // RFC 2033
};

// With opportunistic TLS, a handshake that fails is followed by one more connection, in the clear.
// With implicit TLS (RFC 8314) the handshake comes before the first byte. `connector` and `tls`
// (null only when the policy is off) outlive the target.
std::unique_ptr<io::Target> smtp_target(SmtpTargetOptions options, io::Connector& connector,
                                        io::TlsContext* tls);

}  // namespace beredd::remote
