#pragma once
// HTML as plain text: for reading a mail that has no other text, not for showing a page.

#include "defects.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace beredd::mail {

constexpr unsigned kDeepestHtml = 250;  // the parser's time grows with it
constexpr std::size_t kLargestHtml = std::size_t{8} * 1024 * 1024;

// `html` is UTF-8 with LF line ends, so is the answer. Block elements begin lines, scripts and
// styles are dropped, links become "text <url>", lists keep their marks and numbers, cited blocks
// are quoted with "> ". Read by libxml2, as events: no tree is built. A page that is nested deeper
// or larger than the limits only loses its tags, which is a defect.
std::string html_to_text(std::string_view html, Defects& defects);

// The charset that a <meta> element in the first KiB names, or nothing.
std::string_view html_charset(std::string_view html);

}  // namespace beredd::mail
