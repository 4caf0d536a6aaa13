#pragma once
// Character references of HTML.

#include <string>
#include <string_view>

namespace beredd::mail {

// The code point of "eacute", "#233", "#xE9"; 0 when there is none.
char32_t entity(std::string_view name);

// REQUIRES: `point` is a code point, no surrogate.
void append_utf8(std::string& out, char32_t point);

}  // namespace beredd::mail
