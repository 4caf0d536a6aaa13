#pragma once
// The policy of MTA-STS as its page has it (RFC 8461 §3.2).

#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/result.h"

namespace beredd::preflight {

struct StsPolicy {
  enum class Mode { none, testing, enforce };
  Mode mode = Mode::none;
  std::vector<std::string> hosts;  // patterns: "mx.example.org", "*.example.org"
  bool names(std::string_view host) const;
};

// Errors: permanent/invalid, and what senders stumble over: they take such a policy for none.
base::Result<StsPolicy> parse_sts_policy(std::string_view page);

}  // namespace beredd::preflight
