#include "file_name.h"

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

// Marks that turn "gpj.exe" around on a screen: U+200E, U+200F, U+202A–202E, U+2066–2069.
bool is_bidi_mark(std::string_view rest) {
  if (!rest.starts_with("\xE2\x80") && !rest.starts_with("\xE2\x81")) return false;
  if (rest.size() < 3) return false;
  const auto last = static_cast<unsigned char>(rest[2]);
  if (rest[1] == '\x80') return last == 0x8E || last == 0x8F || (last >= 0xAA && last <= 0xAE);
  return last >= 0xA6 && last <= 0xA9;
}

bool is_c1(std::string_view rest) {
  return rest.size() > 1 && rest[0] == '\xC2' && static_cast<unsigned char>(rest[1]) < 0xA0;
}

// The longest prefix of at most `size` octets that ends between two characters.
std::string_view cut(std::string_view utf8, std::size_t size) {
  if (utf8.size() <= size) return utf8;
  while (size > 0 && (static_cast<unsigned char>(utf8[size]) & 0xC0U) == 0x80U) --size;
  return utf8.substr(0, size);
}

std::string shorten(const std::string& name) {
  constexpr std::size_t kLongestExtension = 16;
  if (name.size() <= kLongestFileName) return name;
  const std::size_t dot = name.rfind('.');
  const bool has_extension = dot != std::string::npos && name.size() - dot <= kLongestExtension;
  if (!has_extension) return std::string(base::trim(cut(name, kLongestFileName)));
  const std::string extension = name.substr(dot);
  return std::string(cut(name, kLongestFileName - extension.size())) + extension;
}

}  // namespace

std::string safe_file_name(std::string_view utf8) {
  std::string name;
  for (std::size_t i = 0; i < utf8.size();) {
    const std::string_view rest = utf8.substr(i);
    const auto c = static_cast<unsigned char>(rest[0]);
    if (is_bidi_mark(rest)) {
      i += 3;
    } else if (is_c1(rest)) {
      i += 2;
    } else {
      if (c == '/' || c == '\\') {
        name.push_back('_');
      } else if (c >= 0x20 && c != 0x7F) {
        name.push_back(rest[0]);
      }
      i += 1;
    }
  }
  std::string_view kept = base::trim(name);
  kept.remove_prefix(std::min(kept.find_first_not_of(". "), kept.size()));
  return shorten(std::string(kept));
}

}  // namespace beredd::mail
