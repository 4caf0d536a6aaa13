#pragma once
// Encoded words (RFC 2047) in header text, and header text that is raw 8-bit.

#include <string>
#include <string_view>

namespace beredd::mail {

// UTF-8 on one line, without controls and without blanks at the ends. Words are found wherever they
// stand, also inside quoted strings and parameters, where RFC 2047 forbids them and clients put
// them. `hint` is a charset for raw 8-bit text.
std::string decode_header_text(std::string_view value, std::string_view hint = {});

}  // namespace beredd::mail
