#pragma once
// How text is laid out for this terminal, or for a pipe.

#include <cstddef>
#include <string>
#include <string_view>

#include "beredd/base/clock.h"

namespace beredd::beredctl {

struct Style {
  bool colour = false;
  std::size_t columns = 0;  // of the terminal; 0: do not cut lines
  base::Instant now{};      // for "3m 20s ago"
};

enum class Paint { plain, strong, faint, good, doubtful, bad };

// `text` in the colour of `paint`, where colours are on.
std::string painted(const Style& style, Paint paint, std::string_view text);

// Columns that `utf8` takes on a terminal: two for wide characters, none for combining marks.
// REQUIRES: setlocale() has chosen an encoding that knows Unicode.
std::size_t display_width(std::string_view utf8);
// `utf8` when it fits, else as much as fits before "…".
std::string cut(std::string_view utf8, std::size_t columns);

// In local time: "02:14:07" on the day of `now`, else "2026-11-22 02:14".
std::string when(base::Instant at, base::Instant now);
std::string age(base::Instant at, base::Instant now);  // "3m 20s"; never negative

}  // namespace beredd::beredctl
