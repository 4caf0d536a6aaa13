#pragma once
// Letters to write tests with.

#include <algorithm>
#include <string>
#include <string_view>

#include "beredd/mail/reading.h"

namespace beredd::mail {

// `lines` as SMTP hands it over: every LF becomes CRLF.
inline std::string crlf(std::string_view lines) {
  std::string out;
  for (const char c : lines) {
    if (c == '\n') out.push_back('\r');
    out.push_back(c);
  }
  return out;
}

inline Reading read_letter(std::string_view lines) { return read(crlf(lines)); }

inline bool has_defect(const Reading& mail, std::string_view what) {
  return std::find(mail.defects.begin(), mail.defects.end(), what) != mail.defects.end();
}

inline std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out.append(text);
  return out;
}

}  // namespace beredd::mail
