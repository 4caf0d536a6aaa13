#include "dot_stuffing.h"

#include <algorithm>

namespace beredd::smtp {

std::string DotStuffer::piece(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 64 + 2);
  while (!bytes.empty()) {
    const char c = bytes.front();
    if (state_ == State::cr) {
      // The CR was held back until it is known what stands behind it.
      out += "\r\n";
      state_ = State::line_start;
      if (c == '\n') bytes.remove_prefix(1);
    } else if (c == '\r') {
      state_ = State::cr;
      bytes.remove_prefix(1);
    } else if (c == '\n') {
      out += "\r\n";
      state_ = State::line_start;
      bytes.remove_prefix(1);
    } else {
      if (state_ == State::line_start && c == '.') out += '.';
      const auto cr = std::min(bytes.find('\r'), bytes.size());
      const auto run = std::min(bytes.substr(0, cr).find('\n'), cr);
      out += bytes.substr(0, run);
      state_ = State::in_line;
      bytes.remove_prefix(run);
    }
  }
  return out;
}

std::string DotStuffer::end() {
  const bool whole = state_ == State::line_start;
  state_ = State::line_start;
  return whole ? ".\r\n" : "\r\n.\r\n";
}

}  // namespace beredd::smtp
