// UTF-8 as RFC 3629 and table 3-7 of Unicode have it: what is well-formed, and what to do with the
// rest.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>

#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::base {
namespace {

// One step of decoding: a code point, or the length of a maximal ill-formed piece.
struct Step {
  std::size_t length = 1;
  char32_t point = 0;
  bool valid = false;
};

std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

// What a lead byte promises: its own bits, how many bytes follow, and the bounds of the first of
// them, which shut out overlong forms, surrogates and points above U+10FFFF.
struct Lead {
  std::size_t follow = 0;
  char32_t bits = 0;
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xbf;
};

Lead lead_of(std::uint8_t byte) {
  if (byte >= 0xc2 && byte <= 0xdf) return {1, byte & 0x1fU};
  if (byte == 0xe0) return {2, 0, 0xa0};
  if (byte == 0xed) return {2, 0x0d, 0x80, 0x9f};
  if (byte >= 0xe1 && byte <= 0xef) return {2, byte & 0x0fU};
  if (byte == 0xf0) return {3, 0, 0x90};
  if (byte >= 0xf1 && byte <= 0xf3) return {3, byte & 0x07U};
  if (byte == 0xf4) return {3, 4, 0x80, 0x8f};
  return {};
}

// REQUIRES: at < text.size().
Step decode(std::string_view text, std::size_t at) {
  const std::uint8_t first = byte_at(text, at);
  if (first < 0x80) return {1, first, true};
  const Lead lead = lead_of(first);
  if (lead.follow == 0) return {};
  char32_t point = lead.bits;
  for (std::size_t i = 1; i <= lead.follow; ++i) {
    if (at + i >= text.size()) return {i};
    const std::uint8_t next = byte_at(text, at + i);
    const std::uint8_t low = i == 1 ? lead.low : 0x80;
    const std::uint8_t high = i == 1 ? lead.high : 0xbf;
    if (next < low || next > high) return {i};
    point = point << 6 | (next & 0x3fU);
  }
  return {lead.follow + 1, point, true};
}

// Most of any mail is ASCII: eight bytes at a time until one is not.
std::size_t ascii_until(std::string_view text, std::size_t at) {
  constexpr std::uint64_t kHighBits = 0x8080'8080'8080'8080;
  for (std::uint64_t eight = 0; at + sizeof eight <= text.size(); at += sizeof eight) {
    std::memcpy(&eight, text.data() + at, sizeof eight);
    const std::uint64_t high = eight & kHighBits;
    if (high == 0) continue;
    if constexpr (std::endian::native == std::endian::little) {
      return at + static_cast<std::size_t>(std::countr_zero(high)) / 8;
    }
    break;
  }
  while (at < text.size() && byte_at(text, at) < 0x80) ++at;
  return at;
}

// Two bytes that are one letter: nearly all of what is not ASCII in the languages of the north.
bool is_pair(std::string_view text, std::size_t at) {
  return at + 1 < text.size() && byte_at(text, at) >= 0xc2 && byte_at(text, at) <= 0xdf &&
         (byte_at(text, at + 1) & 0xc0) == 0x80;
}

// Where the first ill-formed piece begins, or the end.
std::size_t well_formed_until(std::string_view text, std::size_t at) {
  for (;;) {
    at = ascii_until(text, at);
    if (at == text.size()) return at;
    if (is_pair(text, at)) {
      at += 2;
      continue;
    }
    const Step step = decode(text, at);
    if (!step.valid) return at;
    at += step.length;
  }
}

bool is_hidden(char32_t point) {
  if (point < 0x20 || (point >= 0x7f && point <= 0x9f)) return true;  // C0, DEL, C1
  return (point >= 0x2028 && point <= 0x202e) ||                      // line ends, bidi overrides
         (point >= 0x2066 && point <= 0x2069);                        // bidi isolates
}

void append_escaped(std::string& out, char32_t point) {
  const auto number = static_cast<std::uint32_t>(point);
  if (point == U'\n') {
    out += "\\n";
  } else if (point == U'\r') {
    out += "\\r";
  } else if (point == U'\t') {
    out += "\\t";
  } else if (number < 0x80) {
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", number);
  } else {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", number);
  }
}

}  // namespace

bool is_utf8(std::string_view text) { return well_formed_until(text, 0) == text.size(); }

std::string to_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  for (;;) {
    const std::size_t end = well_formed_until(text, at);
    out += text.substr(at, end - at);
    if (end == text.size()) return out;
    out += "\xef\xbf\xbd";
    at = end + decode(text, end).length;
  }
}

std::string for_terminal(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const Step step = decode(utf8, at);
    const std::string_view piece = utf8.substr(at, step.length);
    if (!step.valid) {
      for (const char c : piece) {
        fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<std::uint8_t>(c));
      }
    } else if (is_hidden(step.point)) {
      append_escaped(out, step.point);
    } else {
      out += piece;
    }
    at += step.length;
  }
  return out;
}

}  // namespace beredd::base
