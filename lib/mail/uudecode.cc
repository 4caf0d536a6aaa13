#include "uudecode.h"

#include <algorithm>
#include <optional>

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

struct Line {
  std::string_view text;  // without its end
  std::size_t size = 0;   // with it
};

Line line_of(std::string_view text) {
  const std::size_t feed = text.find('\n');
  Line line{text.substr(0, feed), feed == std::string_view::npos ? text.size() : feed + 1};
  if (line.text.ends_with('\r')) line.text.remove_suffix(1);
  return line;
}

// "begin 644 name": the name, or nothing.
std::string_view name_in(std::string_view line) {
  if (!line.starts_with("begin ")) return {};
  line.remove_prefix(6);
  const std::size_t mode = std::min(line.find_first_not_of("01234567"), line.size());
  if (mode < 3 || mode > 4 || mode == line.size() || line[mode] != ' ') return {};
  return line.substr(mode + 1);
}

// As long as its first octet says; the blanks at the end may be gone, and a few may be added.
bool is_sound(std::string_view line) {
  if (line.empty() || !is_line(line)) return false;
  const std::size_t wanted = (digit(line[0]) + 2) / 3 * 4;
  return line.size() <= 1 + wanted + 2 && (wanted == 0 || line.size() > 1);
}

struct Block {
  UuFile file;
  std::size_t size = 0;
};

// The file whose first line, with `name`, is at the front; `from` is where the search goes on when
// there is none.
std::optional<Block> block_at(std::string_view text, std::string_view name, std::size_t& from) {
  Block block;
  std::size_t at = line_of(text).size;
  while (at < text.size()) {
    const Line line = line_of(text.substr(at));
    at += line.size;
    if (line.text == "end") {
      if (block.file.bytes.empty()) break;
      block.file.name = name;
      block.size = at;
      return block;
    }
    if (!is_sound(line.text)) {
      at -= line.size;
      break;
    }
    decode_line(line.text, block.file.bytes);
  }
  from = std::max(at, line_of(text).size);
  return std::nullopt;
}

}  // namespace

bool begins_uu(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
  return text.starts_with("begin ") && !name_in(line_of(text).text).empty();
}

UuText split_uu(std::string_view text) {
  UuText out;
  while (!text.empty()) {
    const Line line = line_of(text);
    std::size_t kept = line.size;
    const std::string_view name = name_in(line.text);
    if (!name.empty() && out.files.size() < kMostUuFiles) {
      if (std::optional<Block> block = block_at(text, name, kept)) {
        out.files.push_back(std::move(block->file));
        text.remove_prefix(block->size);
        continue;
      }
    }
    out.rest.append(text.substr(0, kept));
    text.remove_prefix(kept);
  }
  return out;
}

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
