#pragma once
// The lines with which mail clients announce what they quote, in the languages that we meet:
// English, Swedish, Norwegian, Danish, Finnish, German, French, Dutch, Spanish, and a few more.

#include <cstddef>
#include <string_view>
#include <vector>

namespace beredd::mail {

constexpr std::size_t kLongestAttribution = 300;

// "On Monday, Anna <anna@example.org> wrote:", on one line. It tells when or who, which sets it
// apart from a sentence that ends in "wrote:".
bool is_attribution(std::string_view line);

// The first line of an announcement that was broken: "On Mon, 23 Nov 2026,".
bool opens_attribution(std::string_view line);

// "-----Original Message-----", "Begin forwarded message:" and what they are called elsewhere.
bool is_separator(std::string_view line);

// The header block that Outlook puts above a quotation begins at `at`: From, then Sent or Date.
bool is_outlook_block(const std::vector<std::string_view>& lines, std::size_t at);

// "Sent from my iPhone".
bool is_device_signature(std::string_view line);

}  // namespace beredd::mail
