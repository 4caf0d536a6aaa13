#pragma once
// The fence in front of libxml2's HTML parser: what it would misread, lose, or take too long over.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace beredd::mail {

// Attributes can hold whole images as data: URLs; beyond this a '<' is only a character.
constexpr std::size_t kLongestTag = std::size_t{64} * 1024;
constexpr std::size_t kMostAttributes = 200;  // the parser compares each one with all others

// The page without comments, declarations, and the elements whose content is no text (script,
// style, title …). What begins one of these and never ends is left out alone, so that it does not
// take the rest of the mail with it. A '<' that begins no tag becomes "&lt;", a '&' that begins no
// reference "&amp;". One pass, linear.
std::string fenced_html(std::string_view html);

// What is left of a page when every tag is taken for a line end or nothing: for pages that no
// parser should be asked to read. `html` as fenced_html() gives it.
std::string stripped_html(std::string_view html);

}  // namespace beredd::mail
