#pragma once
// Names of attachments: whatever a mail says, made fit to be the name of a file.

#include <string>
#include <string_view>

namespace beredd::mail {

constexpr std::size_t kLongestFileName = 200;  // octets

// Separators of paths become '_'; controls, invisible reversals and leading dots go; letters stay.
// A name that is too long keeps its extension. Empty when nothing is left.
std::string safe_file_name(std::string_view utf8);

}  // namespace beredd::mail
