#pragma once
// Text as it travels: format=flowed (RFC 3676), and the encodings of RFC 2045 §6.7 and §6.8.

#include <string>
#include <string_view>

namespace beredd::mail {

// Breaks the lines of a canonical text (compose.h) softly near column 72 and stuffs what needs it.
// CRLF line ends. unflow() makes the same text of it.
std::string flow(std::string_view canonical);

// CRLF line ends stay; no line is longer than 76.
std::string quoted_printable(std::string_view text);

// A stream's worth of base64, in lines of 76.
class Base64Writer {
 public:
  // What of `bytes`, and of those before, makes whole lines.
  std::string write(std::string_view bytes);
  // The rest.
  std::string finish();

 private:
  std::string left_;
};

// The shortest of 7bit, quoted-printable and base64 that carries `text` (CRLF line ends): the first
// where it is ASCII with lines of at most 998.
struct TransferText {
  std::string_view encoding;
  std::string bytes;
};
TransferText encode_text(std::string text);

}  // namespace beredd::mail
