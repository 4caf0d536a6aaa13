// What a sender asks of delivery reports (RFC 3461): whatever parses is written as it was read.

#include "require.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "beredd/base/text.h"
#include "beredd/mail/dsn.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using beredd::fuzz::require;
  namespace mail = beredd::mail;
  const std::string_view value(reinterpret_cast<const char*>(data), size);
  if (const auto ret = mail::parse_dsn_return(value)) {
    require(beredd::base::same_ignoring_case(mail::name(*ret), value), "RET is its own name");
  }
  if (const auto notify = mail::parse_notify(value)) {
    require(mail::is_notify(*notify), "what parses is valid");
    require(mail::parse_notify(mail::text(*notify)) == notify, "NOTIFY comes back");
  }
  if (mail::is_envelope_id(value)) {
    require(!value.empty() && value.size() <= mail::kMaxEnvelopeId, "ENVID is bounded");
    beredd::fuzz::require_line(value);
  }
  for (const bool utf8 : {false, true}) {
    if (!mail::is_original_recipient(value, utf8)) continue;
    require(value.size() <= mail::kMaxOriginalRecipient, "ORCPT is bounded");
    require(value.find(';') != std::string_view::npos, "ORCPT has its type");
    beredd::fuzz::require_line(value);
  }
  return 0;
}
