#include "sts_policy.h"

#include "inquiry.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::preflight {
namespace {

using base::Code;
using base::permanent;

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 10 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<StsPolicy::Mode> mode_of(std::string_view word) {
  if (word == "enforce") return StsPolicy::Mode::enforce;
  if (word == "testing") return StsPolicy::Mode::testing;
  if (word == "none") return StsPolicy::Mode::none;
  return std::nullopt;
}

}  // namespace

bool StsPolicy::names(std::string_view host) const {
  return std::any_of(hosts.begin(), hosts.end(),
                     [&](const std::string& pattern) { return fits_pattern(pattern, host); });
}

base::Result<StsPolicy> parse_sts_policy(std::string_view page) {
  StsPolicy policy;
  bool version = false, max_age = false;
  std::optional<StsPolicy::Mode> mode;
  for (const std::string_view line : base::split(page, '\n')) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view key = base::trim(line.substr(0, colon));
    const std::string_view value = base::trim(line.substr(colon + 1));
    // Of a key that may stand once, the first counts.
    if (key == "version") version = version || value == "STSv1";
    if (key == "max_age") max_age = max_age || is_number(value);
    if (key == "mode" && !mode) {
      mode = mode_of(value);
      if (!mode) return permanent(Code::invalid, fmt::format("there is no mode \"{}\"", value));
    }
    if (key == "mx") policy.hosts.push_back(base::lower(value));
  }
  if (!version) return permanent(Code::invalid, "it has no line \"version: STSv1\"");
  if (!mode) return permanent(Code::invalid, "it has no line \"mode:\"");
  if (!max_age) return permanent(Code::invalid, "it has no line \"max_age:\" with seconds");
  policy.mode = *mode;
  if (policy.hosts.empty() && policy.mode != StsPolicy::Mode::none) {
    return permanent(Code::invalid, "it has no line \"mx:\"");
  }
  return policy;
}

}  // namespace beredd::preflight
