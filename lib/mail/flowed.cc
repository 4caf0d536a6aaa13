#include "flowed.h"

#include "charset.h"

#include <algorithm>

#include <openssl/evp.h>

#include "beredd/base/text.h"
#include "beredd/mail/compose.h"

namespace beredd::mail {
namespace {

constexpr std::size_t kColumns = 72;      // where a line is broken
constexpr std::size_t kMostColumns = 78;  // what need not be
constexpr std::size_t kFewestColumns = 20;
constexpr std::size_t kDeepest = 40;  // marks of quotation
constexpr std::size_t kLongestLine = 998;
constexpr std::size_t kRow = 57;  // octets that are 76 characters of base64
constexpr std::string_view kSignature = "-- ";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

struct Quoted {
  std::size_t depth = 0;
  std::string_view said;
};

// ">> text", and "> > text" as most clients still write it.
Quoted quoted(std::string_view line) {
  Quoted out;
  while (line.starts_with('>')) {
    ++out.depth;
    line.remove_prefix(1);
    if (line.starts_with(" >")) line.remove_prefix(1);
  }
  if (out.depth > 0 && line.starts_with(' ')) line.remove_prefix(1);
  out.depth = std::min(out.depth, kDeepest);
  out.said = line;
  return out;
}

std::string_view without_blanks_behind(std::string_view line) {
  if (line == kSignature) return line;
  return line.substr(0, line.find_last_not_of(" \t") + 1);
}

// Controls have no place in a text; a tab has.
std::string cleaned(std::string_view text) {
  const std::string out = base::to_utf8(text);
  std::string kept;
  kept.reserve(out.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto c = static_cast<unsigned char>(out[i]);
    if (c == '\r') {
      if (i + 1 == out.size() || out[i + 1] != '\n') kept.push_back('\n');
    } else if (c == '\n' || c == '\t' || (c >= 0x20 && c != 0x7F)) {
      kept.push_back(out[i]);
    }
  }
  return kept;
}

// How much of `said` goes on one line: up to behind the last blank within `width`, or the first one
// behind that.
std::size_t piece_size(std::string_view said, std::size_t width) {
  std::size_t best = 0, column = 0;
  for (std::size_t i = 0; i < said.size(); ++i) {
    if (starts_character(said[i])) ++column;
    if (column > width && best > 0) return best;
    if (said[i] != ' ' || i + 1 == said.size()) continue;
    if (said.substr(0, i + 1) != kSignature) best = i + 1;
  }
  return column > width && best > 0 ? best : said.size();
}

void flow_line(std::string_view line, std::string& out) {
  const auto [depth, whole] = quoted(line);
  std::string_view said = whole;
  const std::size_t room =
      std::max(kFewestColumns, kColumns > depth + 1 ? kColumns - depth - 1 : 0);
  const bool fits = columns(said) + depth + 1 <= kMostColumns;
  do {
    const std::size_t size = fits ? said.size() : piece_size(said, room);
    const std::string_view piece = said.substr(0, size);
    const bool stuffed =
        depth > 0 || piece.starts_with(' ') || piece.starts_with('>') || piece.starts_with("From ");
    out.append(depth, '>').append(stuffed ? " " : "").append(piece).append("\r\n");
    said.remove_prefix(size);
  } while (!said.empty());
}

void append_hex(std::string& out, char c) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out.push_back('=');
  out.push_back(kDigits[byte >> 4U]);
  out.push_back(kDigits[byte & 15U]);
}

std::string base64_rows(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() / kRow + 1) * 78);
  for (; !bytes.empty(); bytes.remove_prefix(std::min(kRow, bytes.size()))) {
    const std::string_view row = bytes.substr(0, kRow);
    char line[80];
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(line),
                                     reinterpret_cast<const unsigned char*>(row.data()),
                                     static_cast<int>(row.size()));
    out.append(line, static_cast<std::size_t>(size)).append("\r\n");
  }
  return out;
}

std::size_t longest_line(std::string_view text) {
  std::size_t longest = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\r\n"), text.size());
    longest = std::max(longest, end);
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return longest;
}

}  // namespace

std::string canonical_text(std::string_view text) {
  const std::string clean = cleaned(text);
  std::string out;
  std::size_t kept = 0;  // without blank lines at the end
  for (std::string_view raw : base::split(clean, '\n')) {
    // Only now is it known what the text begins with: controls and blank lines may stand before it.
    while (out.empty() && raw.starts_with(kByteOrderMark)) raw.remove_prefix(kByteOrderMark.size());
    const Quoted line = quoted(raw);
    const std::string_view said = without_blanks_behind(line.said);
    if (line.depth == 0 && said.empty()) {
      if (!out.empty()) out.push_back('\n');
      continue;
    }
    if (line.depth > 0) out.append(line.depth, '>').push_back(' ');
    out.append(said).push_back('\n');
    kept = out.size();
  }
  out.resize(kept);
  return out;
}

std::string flow(std::string_view canonical) {
  std::string out;
  out.reserve(canonical.size() + canonical.size() / 16);
  while (!canonical.empty()) {
    const std::size_t end = std::min(canonical.find('\n'), canonical.size());
    flow_line(canonical.substr(0, end), out);
    canonical.remove_prefix(std::min(end + 1, canonical.size()));
  }
  return out;
}

std::string quoted_printable(std::string_view text) {
  constexpr std::size_t kMost = 75;  // and the '=' of a soft break
  std::string out;
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("\r\n")) {
      out.append("\r\n");
      column = 0;
      ++i;
      continue;
    }
    const char c = text[i];
    const bool ends = i + 1 == text.size() || text.substr(i + 1).starts_with("\r\n");
    const bool blank = c == ' ' || c == '\t';
    const bool plain = blank ? !ends : c > ' ' && c < 0x7F && c != '=';
    const std::size_t size = plain ? 1 : 3;
    if (column + size > kMost) {
      out.append("=\r\n");
      column = 0;
    }
    if (plain) {
      out.push_back(c);
    } else {
      append_hex(out, c);
    }
    column += size;
  }
  return out;
}

std::string Base64Writer::write(std::string_view bytes) {
  left_.append(bytes);
  const std::size_t whole = left_.size() - left_.size() % kRow;
  std::string out = base64_rows(std::string_view(left_).substr(0, whole));
  left_.erase(0, whole);
  return out;
}

std::string Base64Writer::finish() {
  std::string out = base64_rows(left_);
  left_.clear();
  return out;
}

TransferText encode_text(std::string text) {
  if (is_ascii(text) && longest_line(text) <= kLongestLine) return {"7bit", std::move(text)};
  const auto costly = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0x80U) != 0;
  }));
  // Two more octets for each, against a third more for all.
  if (costly * 6 > text.size()) return {"base64", base64_rows(text)};
  return {"quoted-printable", quoted_printable(text)};
}

}  // namespace beredd::mail
