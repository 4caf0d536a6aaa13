#include "desk_screen.h"

#include <algorithm>

#include "beredd/base/text.h"

namespace beredd::beredctl {
namespace {

// How many bytes of `safe` fit into `columns`, at least one character. `columns` > 1.
std::size_t fitting(std::string_view safe, std::size_t columns) {
  std::size_t bytes = 0;
  while (bytes < safe.size()) {
    std::size_t next = bytes + 1;
    while (next < safe.size() && (static_cast<unsigned char>(safe[next]) & 0xC0u) == 0x80) ++next;
    if (bytes > 0 && display_width(safe.substr(0, next)) > columns) break;
    bytes = next;
  }
  return bytes;
}

void wrap_line(std::string_view safe, std::size_t columns, std::vector<std::string>& lines) {
  while (display_width(safe) > columns) {
    const std::size_t most = fitting(safe, columns);
    // A word that ends right at the edge fits whole.
    std::size_t end = safe[most] == ' ' ? most : safe.substr(0, most).rfind(' ');
    if (end == std::string_view::npos || end == 0) end = most;
    lines.emplace_back(safe.substr(0, end));
    safe.remove_prefix(end);
    while (!safe.empty() && safe.front() == ' ') safe.remove_prefix(1);
  }
  lines.emplace_back(safe);
}

}  // namespace

std::string text_of(const Screen& screen) {
  std::string out;
  for (const Line& line : screen.lines) {
    std::string text;
    for (const Piece& piece : line.pieces) text += piece.text;
    const auto end = text.find_last_not_of(' ');
    out += text.substr(0, end == std::string::npos ? 0 : end + 1) + '\n';
  }
  return out;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  for (std::string_view line : base::split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    std::string spaced;
    for (const char c : line) spaced += c == '\t' ? std::string(4, ' ') : std::string(1, c);
    wrap_line(base::for_terminal(spaced), std::max<std::size_t>(columns, 2), lines);
  }
  return lines;
}

std::string fitted(std::string_view safe, std::size_t columns) {
  std::string text = cut(safe, columns);
  const std::size_t width = display_width(text);
  if (width < columns) text.append(columns - width, ' ');
  return text;
}

}  // namespace beredd::beredctl
