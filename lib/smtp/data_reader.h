#pragma once
// Reads the data of one message off a stream (RFC 5321 §4.5.2): finds the end, undoes dot-stuffing
// and notices a bare CR or LF. Keeps no byte.
//
// Only CRLF ends a line and only CRLF "." CRLF ends the data. Servers that saw an end in "\n.\n" or
// "\r.\r" let one message smuggle in another (VU#302671).

#include <string_view>

namespace beredd::smtp {

// Not thread-safe; one per message.
class DataReader {
 public:
  enum class Found {
    more,  // the input is used up, or a stuffed dot stands in between: read on
    bare,  // a bare CR or LF comes next; it is passed over
    end,   // the final dot was read
  };
  struct Piece {
    std::string_view bytes;  // of the message, a part of `input`; may be empty
    Found then;
  };

  // Takes what it uses off the front of `input`. What a piece holds up to `bare` does not depend on
  // how the stream was cut.
  Piece read(std::string_view& input);

 private:
  enum class State { line_start, in_line, cr, dot, dot_cr };

  // One step at input[at]; false when `bare` was found.
  bool step(std::string_view input, std::size_t& at);

  State state_ = State::line_start;
};

}  // namespace beredd::smtp
