#pragma once
// Small questions about text that several modules ask. ASCII only; nothing here knows a locale.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beredd::base {

std::string lower(std::string_view text);                         // A–Z only
bool same_ignoring_case(std::string_view a, std::string_view b);  // A–Z only
std::string_view trim(std::string_view text);                     // SP, HT, CR, LF at both ends
std::vector<std::string_view> split(std::string_view text, char separator);

bool is_utf8(std::string_view text);
// Invalid sequences become U+FFFD, so that JSON and terminals can take the text.
std::string to_utf8(std::string_view text);
// Control characters (line feeds and tabs too), C1, bidirectional overrides and ill-formed bytes
// become visible escapes: safe on a terminal, and always one line.
std::string for_terminal(std::string_view utf8);

// The nearest of `candidates`, for "did you mean"; the edit distance is at most a third of the
// longer of the two.
std::optional<std::string_view> nearest(std::string_view word,
                                        const std::vector<std::string_view>& candidates);

}  // namespace beredd::base
