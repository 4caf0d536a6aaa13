#pragma once
// The envelope of a mail (RFC 5321 §2.3.1): whom SMTP says it is from and for.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/result.h"
#include "beredd/mail/dsn.h"

namespace beredd::mail {

// local-part "@" domain, RFC 5321 §4.1.2. The local part is kept as written (quoted or not), the
// domain in lower case; an address literal keeps its brackets.
struct Mailbox {
  std::string local;
  std::string domain;  // empty: the host's own, as in <postmaster> (RFC 5321 §4.5.1)
  std::string text() const { return domain.empty() ? local : local + "@" + domain; }
  friend bool operator==(const Mailbox&, const Mailbox&) = default;
};

// Errors: permanent/invalid. Limit of RFC 5321 §4.5.3.1.3: 254 octets, the path less its brackets.
// The 64 octets of a local part are not held: VERP and SRS senders exceed them every day.
// `allow_utf8`: RFC 6531 §3.3 mailboxes: valid UTF-8 without control characters; the domain's
// U-labels are kept as written.
base::Result<Mailbox> parse_mailbox(std::string_view text, bool allow_utf8 = false);

// Whether it takes SMTPUTF8 to write it.
bool is_ascii(const Mailbox& mailbox);

// The domain in A-labels and lower case (UTS #46), for comparing: "xn--bcher-kva.example" of
// "bücher.example". What IDNA refuses, and an address literal, comes back as it was.
std::string comparable_domain(std::string_view domain);

enum class BodyType { seven_bit, eight_bit_mime };

struct Envelope {
  std::optional<Mailbox> reverse_path = {};  // nothing: the null path <>
  std::vector<Mailbox> forward_paths = {};   // at least one
  BodyType body = BodyType::seven_bit;
  bool smtputf8 = false;  // MAIL said SMTPUTF8 (RFC 6531 §3.4)
  DsnReturn dsn_return = DsnReturn::unspecified;
  std::string envelope_id = {};  // ENVID, xtext as given; empty: not given
  // Beside forward_paths, one each; or empty when nothing was asked for any.
  std::vector<RecipientDsn> recipient_dsn = {};

  // Of forward_paths[index].
  RecipientDsn dsn_of(std::size_t index) const {
    return index < recipient_dsn.size() ? recipient_dsn[index] : RecipientDsn{};
  }
  friend bool operator==(const Envelope&, const Envelope&) = default;
};

}  // namespace beredd::mail
