#pragma once
// What a domain's SPF record says of one address (RFC 7208), as far as it can be said without a
// mail: macros need one.

#include "inquiry.h"

#include <string>

namespace beredd::preflight {

enum class SpfResult { none, pass, neutral, softfail, fail, permerror, temperror, depends };

struct SpfVerdict {
  SpfResult result = SpfResult::none;
  std::string because;  // the mechanism that decided, or what is wrong
};

// `address` "192.0.2.7" or "2001:db8::7".
SpfVerdict spf_of(Inquiry& inquiry, const std::string& domain, const std::string& address);

}  // namespace beredd::preflight
