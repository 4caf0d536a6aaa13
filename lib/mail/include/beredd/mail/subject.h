#pragma once
// Subjects: what is left when replies and forwards are stripped.

#include <string>
#include <string_view>

namespace beredd::mail {

struct SubjectLine {
  std::string base;         // without prefixes, white space folded, lower case where ICU knows it
  bool is_reply = false;    // Re, Sv, Vs, Aw, Antw, Odp …, also stacked and numbered: "Re[2]:"
  bool is_forward = false;  // Fwd, Fw, Vb, VL, Wg, Tr, Rv …
};

// In lower case, white space folded; prefixes stay.
std::string fold_subject(std::string_view utf8);

SubjectLine normalise_subject(std::string_view utf8);

}  // namespace beredd::mail
