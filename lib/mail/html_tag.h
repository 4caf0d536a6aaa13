#pragma once
// One tag of HTML, and what its element does to plain text.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace beredd::mail {

// Attributes can hold whole images as data: URLs; beyond this a '<' is only a character.
constexpr std::size_t kLongestTag = std::size_t{64} * 1024;

enum class Element : std::uint8_t {
  unknown,
  inline_text,
  line,       // begins a line: div, tr, li …
  paragraph,  // stands between blank lines: p, h1 …
  line_break,
  cell,
  item,
  rule,
  link,
  quote,
  preformatted,
  raw,  // its content is no text: script, style …
};

struct Tag {
  std::string_view name;  // as written
  bool closing = false;
  std::string_view attributes;
  Element element = Element::unknown;
  std::size_t size = 0;  // of the whole tag

  // An attribute's value with its character references undone.
  std::optional<std::string> attribute(std::string_view wanted) const;
};

// The tag at the front of `html`, which begins with '<'. Nothing when '<' is only a character, or
// the tag has no end within a bounded distance.
std::optional<Tag> tag_at(std::string_view html);

// The text with its character references undone.
std::string undo_references(std::string_view text);
// The reference at the front of `text`, which begins with '&'; its size is 0 when it is none.
struct Reference {
  char32_t point = 0;
  std::size_t size = 0;
};
Reference reference_at(std::string_view text);

}  // namespace beredd::mail
