#pragma once
// A primary that is given mail by IMAP, as a Target: APPEND into a mailbox that the platform reads
// (RFC 3501 §6.3.12), with the original time as INTERNALDATE. The receipt is the message's UID
// where the server has UIDPLUS (RFC 4315).
//
// A message is found again by the id in our Received field, and proven by its bytes: what lies in
// the mailbox must end with the message as it was received. Above it there may be what other
// servers put on top, so that mail given by SMTP can be looked up by IMAP.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "beredd/base/units.h"
#include "beredd/io/network.h"
#include "beredd/io/target.h"

namespace beredd::remote {

// A password never travels in the clear. implicit: TLS from the first byte (RFC 8314).
enum class ImapTls { starttls, implicit };

struct ImapOptions {
  io::Address at;
  ImapTls tls = ImapTls::implicit;
  std::optional<std::filesystem::path> ca_file;  // nothing: the system's authorities
  std::string user;
  std::function<base::Result<std::string>()> password;  // asked for each connection
  std::string mailbox = "INBOX";  // "{desk}" in it stands for the desk of the mail
  // For connecting and logging in, and for each command; those that carry a message have as much
  // more as it takes at 16 KiB a second.
  base::Duration timeout = std::chrono::seconds(60);
};

// Each connection blocks a thread of the target's own; there are `connections` of them. Destruction
// cuts what is under way.
std::unique_ptr<io::Target> imap_target(ImapOptions options, int connections);

// Gives by `giver` and looks up in a mailbox: for a primary that takes mail by SMTP or LMTP and
// files it there.
std::unique_ptr<io::Target> looked_up_by_imap(std::unique_ptr<io::Target> giver,
                                              ImapOptions options);

}  // namespace beredd::remote
