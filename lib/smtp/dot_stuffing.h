#pragma once
// Writes a message as the data of SMTP (RFC 5321 §4.5.2): a dot before each line that begins with
// one, CRLF "." CRLF at the end.
//
// A message with CRLF line ends arrives byte for byte. A CR or LF that stands alone leaves as CRLF:
// a receiver that takes "\n.\n" for the end of data must not find one in what we send (VU#302671).

#include <string>
#include <string_view>

namespace beredd::smtp {

// Not thread-safe; one per message.
class DotStuffer {
 public:
  std::string piece(std::string_view bytes);
  // CRLF where the last line lacks it, and the final dot.
  std::string end();

 private:
  enum class State { line_start, in_line, cr };
  State state_ = State::line_start;
};

}  // namespace beredd::smtp
