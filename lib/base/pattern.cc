#include "beredd/base/pattern.h"

#include <array>

#include <fmt/format.h>
#include <re2/re2.h>

namespace beredd::base {
namespace {

constexpr std::size_t kLongest = 1000;
constexpr std::int64_t kMemory = 1 << 20;  // for the automata of one pattern

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

Result<std::shared_ptr<const re2::RE2>> compiled(std::string_view pattern, bool ignoring_case) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMemory);
  options.set_case_sensitive(!ignoring_case);
  auto expression = std::make_shared<const re2::RE2>(piece(pattern), options);
  if (!expression->ok()) {
    return permanent(Code::invalid, "no pattern of RE2: " + expression->error());
  }
  return std::shared_ptr<const re2::RE2>(std::move(expression));
}

}  // namespace

Result<Pattern> Pattern::compile(std::string_view pattern) {
  if (pattern.empty()) return permanent(Code::invalid, "an empty pattern is in any text");
  if (pattern.size() > kLongest) {
    return permanent(Code::invalid, fmt::format("a pattern has at most {} bytes", kLongest));
  }
  auto expression = compiled(pattern, false);
  if (!expression) return expression.error();
  return Pattern(*std::move(expression));
}

// Not \b: that knows ASCII only, and "ä" would end a word.
Result<Pattern> Pattern::of_words(const std::vector<std::string>& words) {
  std::string any;
  for (const std::string& word : words) {
    if (!any.empty()) any += '|';
    any += re2::RE2::QuoteMeta(piece(word));
  }
  auto expression = compiled(fmt::format("(?:^|[^\\pL\\pN])(?:{})(?:$|[^\\pL\\pN])", any), true);
  if (!expression) return expression.error();
  return Pattern(*std::move(expression));
}

bool Pattern::in(std::string_view text) const {
  return re2::RE2::PartialMatch(piece(text), *expression_);
}

bool Pattern::is(std::string_view text) const {
  return re2::RE2::FullMatch(piece(text), *expression_);
}

std::optional<std::string> Pattern::find(std::string_view text) const {
  std::array<re2::StringPiece, 2> groups;
  const int wanted = expression_->NumberOfCapturingGroups() > 0 ? 2 : 1;
  const bool found =
      expression_->Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, groups.data(), wanted);
  const re2::StringPiece& held = groups[static_cast<std::size_t>(wanted - 1)];
  if (!found || held.empty()) return std::nullopt;
  return std::string(held.data(), held.size());
}

}  // namespace beredd::base
