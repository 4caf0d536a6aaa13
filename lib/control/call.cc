#include "call.h"

#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "beredd/base/text.h"

namespace beredd::control {
namespace {

std::optional<std::uint64_t> whole(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string word(const Call& call, std::string_view key) {
  const auto found = call.request.query.find(key);
  return found == call.request.query.end() ? std::string() : found->second;
}

base::Result<std::size_t> count(const Call& call, std::string_view key, std::size_t otherwise) {
  constexpr std::size_t kMost = 100'000;
  const std::string text = word(call, key);
  if (text.empty()) return otherwise;
  const auto value = whole(text);
  if (!value || *value == 0 || *value > kMost) {
    return base::permanent(base::Code::invalid,
                           fmt::format("{}: \"{}\" is no number from 1 to {}", key, text, kMost));
  }
  return static_cast<std::size_t>(*value);
}

base::Result<std::optional<base::Instant>> instant(const Call& call, std::string_view key) {
  const std::string text = word(call, key);
  if (text.empty()) return std::optional<base::Instant>();
  const auto at = base::parse_rfc3339(text);
  if (!at) {
    return base::permanent(
        base::Code::invalid,
        fmt::format("{}: \"{}\" is no time such as 2026-11-23T01:30:00Z", key, text));
  }
  return std::optional<base::Instant>(*at);
}

base::Result<std::uint64_t> number(std::string_view text, std::string_view what) {
  const auto value = whole(text);
  if (value && *value > 0) return *value;
  return base::permanent(base::Code::invalid,
                         fmt::format("\"{}\" is no {}: a whole number from 1 on", text, what));
}

base::Result<const config::Primary*> primary_of(const Services& services, std::string_view name) {
  const config::Config& config = *services.context.config;
  if (const config::Primary* primary = config.primary_named(name)) return primary;
  std::vector<std::string_view> names;
  for (const config::Primary& primary : config.primaries) names.push_back(primary.name);
  return base::permanent(
      base::Code::not_found,
      fmt::format("no primary is called \"{}\"; there is {}", name, fmt::join(names, ", ")));
}

}  // namespace beredd::control
