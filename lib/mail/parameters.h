#pragma once
// Parameters of Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2231), read from the raw
// field as senders write it, not as they should.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beredd::mail {

struct Parametrised {
  struct Piece {
    std::string name;        // lower case, without section and star
    std::string value;       // bytes as they stood, quotes and escapes undone
    unsigned section = 0;    // RFC 2231 §3
    bool extended = false;   // percent-encoded, section 0 with charset'language'
    bool sectioned = false;  // "name*0", not "name"
  };

  std::string value;  // "text/plain", "attachment": lower case
  std::vector<Piece> pieces;

  // The bytes of a parameter, nothing when it is absent. For boundary, charset, format.
  std::optional<std::string> raw(std::string_view name) const;
  // The UTF-8 of a parameter, charsets and encoded words undone. For names of files.
  std::string text(std::string_view name, std::string_view hint = {}) const;
};

Parametrised parse_parameters(std::string_view field);

}  // namespace beredd::mail
