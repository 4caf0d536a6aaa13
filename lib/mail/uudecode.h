#pragma once
// Parts that say "x-uuencode": from before MIME, and still sent.

#include <string>
#include <string_view>

namespace beredd::mail {

// Lines between "begin …" and "end"; without a begin line from the first on. A line that is none is
// left out.
std::string uudecode(std::string_view encoded);

}  // namespace beredd::mail
