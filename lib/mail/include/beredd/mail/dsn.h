#pragma once
// What a sender asks of delivery status notifications (RFC 3461): kept with the envelope and passed
// on. Nothing of it is acted upon here: beredd sends no reports to customers.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace beredd::mail {

// RET of MAIL (RFC 3461 §4.3).
enum class DsnReturn { unspecified, full, headers };

// NOTIFY of RCPT (§4.1): one bit each; none at all: the parameter was not given.
struct Notify {
  static constexpr std::uint8_t kNever = 1, kSuccess = 2, kFailure = 4, kDelay = 8;
  std::uint8_t bits = 0;
  friend bool operator==(const Notify&, const Notify&) = default;
};

// Of one recipient.
struct RecipientDsn {
  Notify notify = {};
  // ORCPT (§4.2) as given, "rfc822;anna@example.org"; empty: not given.
  std::string original_recipient = {};
  bool asked() const { return notify.bits != 0 || !original_recipient.empty(); }
  friend bool operator==(const RecipientDsn&, const RecipientDsn&) = default;
};

// §4: at most so long, as written.
inline constexpr std::size_t kMaxEnvelopeId = 100;
inline constexpr std::size_t kMaxOriginalRecipient = 500;

// Keywords in any case; nothing for what the grammar does not know.
std::optional<DsnReturn> parse_dsn_return(std::string_view text);
// NEVER alone, or SUCCESS, FAILURE, DELAY, each at most once, with commas between.
std::optional<Notify> parse_notify(std::string_view text);
// Whether the bits are such as parse_notify() gives, or none.
bool is_notify(Notify notify);

std::string_view name(DsnReturn ret);  // "FULL", "HDRS", or "" for unspecified
std::string text(Notify notify);       // "SUCCESS,DELAY"; "" for none

// xtext of up to kMaxEnvelopeId octets, not empty.
bool is_envelope_id(std::string_view text);
// addr-type ";" xtext of up to kMaxOriginalRecipient octets. `allow_utf8`: the utf-8 type may hold
// UTF-8 as it is (RFC 6533 §3, utf-8-addr-unitext).
bool is_original_recipient(std::string_view text, bool allow_utf8);

}  // namespace beredd::mail
