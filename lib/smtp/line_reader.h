#pragma once
// Cuts command lines out of a stream, in bounded memory: one line at most is kept.

#include <string>
#include <string_view>

namespace beredd::smtp {

// Not thread-safe.
class LineReader {
 public:
  // With CRLF: the 512 octets of RFC 5321 §4.5.3.1.4 and room for the parameters of extensions.
  static constexpr std::size_t kMaxLine = 2048;

  enum class Found {
    nothing,   // the input is used up, the line is not at its end
    line,      // text() is the line without CRLF, until the next read()
    too_long,  // a line over the limit has ended; it was thrown away
    bare,      // a CR without LF or a LF without CR: no line end can be trusted any more
  };

  // Takes what it uses off the front of `input`.
  Found read(std::string_view& input);
  std::string_view text() const { return line_; }

 private:
  Found end_line();

  std::string line_;
  bool complete_ = false;  // line_ was given out
  bool too_long_ = false;  // being swallowed
  bool after_cr_ = false;
};

}  // namespace beredd::smtp
