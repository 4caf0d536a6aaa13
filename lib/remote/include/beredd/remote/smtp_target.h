#pragma once
// A primary that takes mail by SMTP (RFC 5321), as a Target. Many messages a connection, pipelined.
// Look-up works where the server offers CHECKPOINT (RFC 1845): MAIL with the transaction id is
// answered 355 and the octet count when the server holds the message.

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
};

// With opportunistic TLS, a handshake that fails is followed by one more connection, in the clear.
// `connector` and `tls` (null only when the policy is off) outlive the target.
std::unique_ptr<io::Target> smtp_target(SmtpTargetOptions options, io::Connector& connector,
                                        io::TlsContext* tls);

}  // namespace beredd::remote
