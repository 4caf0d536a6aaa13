#pragma once
// Where a primary takes mail, and where what it took can be looked up.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "beredd/base/units.h"

namespace beredd::config {

// "host:port" or "[v6]:port"; port 0 lets the system choose.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// implicit: TLS from the first byte (RFC 8314), with a certificate that holds. usual: was not said;
// once a configuration is read it is one of the others.
enum class Tls { usual, off, opportunistic, required, implicit };

enum class TargetKind { smtp, lmtp, imap };
std::string_view name(TargetKind kind);

// What to do with a mail whose fate the primary left open: all of it was sent, no answer came, and
// it cannot be looked up there.
enum class WhenUnknown { quarantine, resend };

struct Target {
  TargetKind kind = TargetKind::smtp;
  Endpoint at;
  Tls tls = Tls::usual;
  std::optional<std::filesystem::path> ca_file;  // nothing: the system's
  std::string user;                              // smtp, imap; empty: no login
  std::optional<std::filesystem::path> password_file;
  std::string mailbox = "INBOX";  // imap; "{desk}" in it stands for the desk's name
  WhenUnknown when_unknown = WhenUnknown::quarantine;
  int connections = 4;  // at once, at most
  base::Duration timeout = std::chrono::minutes(5);
};

// A mailbox of the primary that shows what it took, by IMAP.
struct LookUp {
  Endpoint at;
  Tls tls = Tls::usual;
  std::optional<std::filesystem::path> ca_file;  // nothing: the system's
  std::string user;
  std::optional<std::filesystem::path> password_file;
  std::string mailbox = "INBOX";  // as Target::mailbox
  // What was offered and is not there may still turn up for so long.
  base::Duration patience = std::chrono::minutes(2);
  base::Duration timeout = std::chrono::minutes(1);
};

}  // namespace beredd::config
