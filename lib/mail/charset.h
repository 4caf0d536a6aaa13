#pragma once
// From any charset to UTF-8, by ICU; and what to think of a label.

#include <string>
#include <string_view>

namespace beredd::mail {

enum class Label { held, unknown, lied };

struct Decoded {
  std::string text;  // valid UTF-8 without NUL
  Label label = Label::held;
};

// `label` as the mail gives it: any case, quoted, empty when there is none. When it is unknown or
// the bytes belie it, bytes that are valid UTF-8 are UTF-8 and all others windows-1252.
Decoded decode_charset(std::string_view bytes, std::string_view label);

// As above for text that has no label, with a charset that the mail names elsewhere as a hint.
std::string guess_charset(std::string_view bytes, std::string_view hint = {});

bool is_ascii(std::string_view bytes);

}  // namespace beredd::mail
