#pragma once
// Plain text as beredd keeps it, and format=flowed (RFC 3676).

#include <string>
#include <string_view>

namespace beredd::mail {

// CRLF and bare CR become LF.
std::string with_line_feeds(std::string text);

// Joins the lines that the sender's client has broken. `text` has LF line ends.
std::string unflow(std::string_view text, bool delete_space);

// White space of any kind and nothing else.
bool is_blank_text(std::string_view utf8);

}  // namespace beredd::mail
