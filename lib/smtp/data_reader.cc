#include "data_reader.h"

#include <algorithm>

namespace beredd::smtp {

DataReader::Piece DataReader::read(std::string_view& input) {
  std::size_t at = 0;
  const auto piece = [&](Found then, std::size_t skip) {
    const std::string_view bytes = input.substr(0, at);
    input.remove_prefix(at + skip);
    return Piece{bytes, then};
  };
  while (at < input.size()) {
    const char c = input[at];
    // The dot at the start of a line, and the CR behind it, are not part of the message: what
    // stands before them goes first, so that a piece is one run of bytes.
    if (state_ == State::line_start && c == '.') {
      state_ = State::dot;
      return piece(Found::more, 1);
    }
    if (state_ == State::dot && c == '\r') {
      state_ = State::dot_cr;
      return piece(Found::more, 1);
    }
    if (state_ == State::dot_cr && c == '\n') {
      state_ = State::line_start;
      return piece(Found::end, 1);
    }
    if (!step(input, at)) return piece(Found::bare, c == '\n' ? 1 : 0);
  }
  return piece(Found::more, 0);
}

bool DataReader::step(std::string_view input, std::size_t& at) {
  const char c = input[at];
  switch (state_) {
    case State::cr:
      state_ = c == '\n' ? State::line_start : State::in_line;
      if (c == '\n') ++at;
      return c == '\n';
    case State::dot_cr: state_ = State::in_line; return false;
    case State::line_start:
    case State::dot: state_ = State::in_line; return true;
    case State::in_line: break;
  }
  if (c == '\n') return false;
  const auto cr = std::min(input.find('\r', at), input.size());
  const auto lf = input.substr(0, cr).find('\n', at);
  at = std::min(lf, cr);
  if (at == cr && cr < input.size()) {
    state_ = State::cr;
    ++at;
  }
  return true;
}

}  // namespace beredd::smtp
