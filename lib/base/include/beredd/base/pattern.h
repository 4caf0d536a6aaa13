#pragma once
// Regular expressions that an organisation writes and foreign text is held against: RE2's, which
// take time linear in the text whatever the pattern, and no memory worth naming. UTF-8.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/result.h"

namespace re2 {
class RE2;
}

namespace beredd::base {

// Immutable; a copy shares it. Any thread.
class Pattern {
 public:
  // `pattern` in RE2's syntax, at most 1,000 bytes. Errors: permanent/invalid, with what is wrong.
  static Result<Pattern> compile(std::string_view pattern);

  // Any of `words` (or phrases) as a whole, ignoring case: "faktura" is not in "fakturan".
  // REQUIRES: at least one of them, none empty. Errors: permanent/invalid when they are too many.
  static Result<Pattern> of_words(const std::vector<std::string>& words);

  bool in(std::string_view text) const;
  bool is(std::string_view text) const;  // all of it
  // What the first group of the first match holds, or the match itself where there is no group.
  // Nothing: it does not match, or what it holds is empty.
  std::optional<std::string> find(std::string_view text) const;

 private:
  explicit Pattern(std::shared_ptr<const re2::RE2> expression)
      : expression_(std::move(expression)) {}

  std::shared_ptr<const re2::RE2> expression_;
};

}  // namespace beredd::base
