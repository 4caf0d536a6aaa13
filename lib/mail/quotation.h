#pragma once
// What of a text is new, and what it quotes from the mail before.

#include <string>
#include <string_view>

namespace beredd::mail {

// `text` without the signature and the quotation at its end, and without the line that announces
// it. An inline answer, whose own words follow a quotation, is kept whole. When unsure, too much is
// kept; a text that would be left empty is kept whole.
std::string without_quotation(std::string_view text);

}  // namespace beredd::mail
