#include "style.h"

#include <algorithm>

#include <fmt/format.h>
#include <wchar.h>

namespace beredd::beredctl {
namespace {

std::string_view colour_of(Paint paint) {
  switch (paint) {
    case Paint::plain: return "";
    case Paint::strong: return "\x1b[1m";
    case Paint::faint: return "\x1b[2m";
    case Paint::good: return "\x1b[32m";
    case Paint::doubtful: return "\x1b[33m";
    case Paint::bad: return "\x1b[1;31m";
  }
  return "";
}

// The length of the sequence that begins with `lead`, and the bits of it.
struct Lead {
  std::size_t length = 1;
  char32_t bits = 0;
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {1, byte};
  if (byte >= 0xF0) return {4, byte & 0x07u};
  if (byte >= 0xE0) return {3, byte & 0x0Fu};
  return {2, byte & 0x1Fu};
}

// Takes one character off `utf8`.
char32_t next_character(std::string_view& utf8) {
  const Lead lead = lead_of(static_cast<unsigned char>(utf8.front()));
  char32_t character = lead.bits;
  const std::size_t length = std::min(lead.length, utf8.size());
  for (std::size_t i = 1; i < length; ++i) {
    character = character << 6 | (static_cast<unsigned char>(utf8[i]) & 0x3Fu);
  }
  utf8.remove_prefix(length);
  return character;
}

std::size_t width_of(char32_t character) {
  const int width = ::wcwidth(static_cast<wchar_t>(character));
  return width < 0 ? 1 : static_cast<std::size_t>(width);
}

}  // namespace

std::string painted(const Style& style, Paint paint, std::string_view text) {
  if (!style.colour || paint == Paint::plain || text.empty()) return std::string(text);
  return fmt::format("{}{}\x1b[0m", colour_of(paint), text);
}

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  while (!utf8.empty()) width += width_of(next_character(utf8));
  return width;
}

std::string cut(std::string_view utf8, std::size_t columns) {
  if (display_width(utf8) <= columns) return std::string(utf8);
  if (columns == 0) return {};
  std::size_t used = 0;
  std::string_view rest = utf8;
  for (;;) {
    std::string_view after = rest;
    const std::size_t width = width_of(next_character(after));
    if (used + width > columns - 1) break;
    used += width;
    rest = after;
  }
  return std::string(utf8.substr(0, utf8.size() - rest.size())) + "…";
}

std::string when(base::Instant at, base::Instant now) {
  constexpr std::size_t kDate = 10;
  const std::string text = base::local_time(at);
  const bool today = text.substr(0, kDate) == base::local_time(now).substr(0, kDate);
  return today ? text.substr(kDate + 1) : text.substr(0, kDate + 6);
}

std::string age(base::Instant at, base::Instant now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now - at);
  return base::for_people(base::Duration(std::max(seconds, std::chrono::seconds(0))));
}

}  // namespace beredd::beredctl
