#pragma once
// What the elements of HTML do to plain text.

#include <cstdint>
#include <string_view>

namespace beredd::mail {

enum class Element : std::uint8_t {
  other,      // its content is text like any other
  line,       // begins a line: div, tr …
  paragraph,  // stands between blank lines: p, h1 …
  line_break,
  cell,
  list,
  item,
  rule,
  link,
  image,
  quote,
  preformatted,
};

// `name` in lower case.
Element element_named(std::string_view name);

}  // namespace beredd::mail
