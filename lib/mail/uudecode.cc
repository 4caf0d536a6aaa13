#include "uudecode.h"

#include <algorithm>

namespace beredd::mail {
namespace {

unsigned digit(char c) { return (static_cast<unsigned char>(c) - 32U) & 0x3FU; }

bool is_line(std::string_view line) {
  return std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '`'; });
}

void decode_line(std::string_view line, std::string& out) {
  std::size_t left = digit(line[0]);
  // Blanks at the end, which stand for zeros, may be gone.
  const auto at = [line](std::size_t i) { return i < line.size() ? digit(line[i]) : 0U; };
  for (std::size_t i = 1; left > 0 && i < line.size(); i += 4) {
    const unsigned bits = at(i) << 18 | at(i + 1) << 12 | at(i + 2) << 6 | at(i + 3);
    const std::size_t octets = std::min<std::size_t>(left, 3);
    for (std::size_t k = 0; k < octets; ++k) out.push_back(static_cast<char>(bits >> (16 - 8 * k)));
    left -= octets;
  }
}

}  // namespace

std::string uudecode(std::string_view encoded) {
  std::string out;
  out.reserve(encoded.size() / 4 * 3);
  while (!encoded.empty()) {
    const std::size_t end = std::min(encoded.find('\n'), encoded.size());
    std::string_view line = encoded.substr(0, end);
    encoded.remove_prefix(std::min(end + 1, encoded.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line == "end") break;
    if (line.starts_with("begin ")) {
      out.clear();
    } else if (!line.empty() && is_line(line)) {
      decode_line(line, out);
    }
  }
  return out;
}

}  // namespace beredd::mail
