#pragma once
// HTML as plain text: for reading a mail that has no other text, not for showing a page.

#include <string>
#include <string_view>

namespace beredd::mail {

// `html` is UTF-8 with LF line ends, so is the answer. Block elements begin lines, scripts and
// styles are dropped, links become "text <url>", cited blocks are quoted with "> ". One pass,
// linear.
std::string html_to_text(std::string_view html);

// The charset that a <meta> element in the first KiB names, or nothing.
std::string_view html_charset(std::string_view html);

}  // namespace beredd::mail
