#pragma once
// Small questions about text that several modules ask. ASCII only; nothing here knows a locale.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beredd::base {

std::string lower(std::string_view text);                       // A–Z only
bool same_ignoring_case(std::string_view a, std::string_view b);  // A–Z only
std::string_view trim(std::string_view text);                   // SP, HT, CR, LF at both ends
std::vector<std::string_view> split(std::string_view text, char separator);

bool is_utf8(std::string_view text);
// Invalid sequences become U+FFFD, so that JSON and terminals can take the text.
std::string to_utf8(std::string_view text);
// Control characters, C1 and bidirectional overrides become visible escapes: safe on a terminal.
std::string for_terminal(std::string_view utf8);

// The nearest of `candidates` within an edit distance of a third of its length, for "did you mean".
std::optional<std::string_view> nearest(std::string_view word,
                                        const std::vector<std::string_view>& candidates);

}  // namespace beredd::base
