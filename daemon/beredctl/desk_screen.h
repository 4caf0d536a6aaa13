#pragma once
// What stands on a terminal: lines of painted pieces. Pure; whoever shows it needs no more.

#include "style.h"

#include <string>
#include <string_view>
#include <vector>

namespace beredd::beredctl {

struct Piece {
  std::string text;  // UTF-8, safe for the terminal
  Paint paint = Paint::plain;
};

// One line, never wider than its screen.
struct Line {
  std::vector<Piece> pieces;
  bool reversed = false;  // the chosen one, and the bars
  Line& add(std::string text, Paint paint = Paint::plain) {
    pieces.push_back({std::move(text), paint});
    return *this;
  }
};

struct Size {
  std::size_t rows = 24, columns = 80;
  friend bool operator==(const Size&, const Size&) = default;
};

struct Screen {
  Size size;
  std::vector<Line> lines;  // as many as there are rows
  // Where the cursor stands; beyond the last row: nowhere.
  std::size_t cursor_row = 0, cursor_column = 0;
};

// As plain text, without blanks at the ends of lines.
std::string text_of(const Screen& screen);

// Of many lines, each made safe for the terminal and broken where words end, at most `columns`
// wide; what has no blank is broken anywhere.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

// Exactly `columns` wide: cut, or filled with blanks.
std::string fitted(std::string_view safe, std::size_t columns);

}  // namespace beredd::beredctl
