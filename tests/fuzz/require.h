#pragma once
// What fuzzers hold the readers of mail to.

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "beredd/base/text.h"

namespace beredd::fuzz {

inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

inline void require_text(std::string_view text) {
  require(base::is_utf8(text), "text is UTF-8");
  require(text.find('\0') == std::string_view::npos, "text has no NUL");
}

inline void require_line(std::string_view text) {
  require_text(text);
  require(text.find_first_of("\r\n") == std::string_view::npos, "a header is one line");
}

}  // namespace beredd::fuzz
