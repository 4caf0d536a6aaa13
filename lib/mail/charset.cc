#include "charset.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include <unicode/ucnv.h>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

// What senders mean by a label: the vendors' supersets of the standards (as the WHATWG has them),
// and spellings that ICU does not know.
constexpr std::array<std::pair<std::string_view, const char*>, 35> kMeant = {{
    {"iso-8859-1", "windows-1252"},
    {"iso8859-1", "windows-1252"},
    {"iso_8859-1", "windows-1252"},
    {"iso-8859-1-windows-3.1-latin-1", "windows-1252"},
    {"latin1", "windows-1252"},
    {"latin-1", "windows-1252"},
    {"l1", "windows-1252"},
    {"us-ascii", "windows-1252"},
    {"ascii", "windows-1252"},
    {"ansi_x3.4-1968", "windows-1252"},
    {"ansi_x3.110-1983", "windows-1252"},
    {"iso-8859-9", "windows-1254"},
    {"iso-8859-11", "windows-874"},
    {"tis-620", "windows-874"},
    {"iso-8859-8-i", "iso-8859-8"},
    {"iso-8859-8-e", "iso-8859-8"},
    {"gb2312", "gb18030"},
    {"gb_2312-80", "gb18030"},
    {"gbk", "gb18030"},
    {"cp936", "gb18030"},
    {"euc-cn", "gb18030"},
    {"x-gbk", "gb18030"},
    {"ks_c_5601-1987", "windows-949"},
    {"ks_c_5601", "windows-949"},
    {"euc-kr", "windows-949"},
    {"x-windows-949", "windows-949"},
    {"shift_jis", "windows-31j"},
    {"shift-jis", "windows-31j"},
    {"x-sjis", "windows-31j"},
    {"sjis", "windows-31j"},
    {"cp932", "windows-31j"},
    {"big5", "big5-hkscs"},
    {"x-x-big5", "big5-hkscs"},
    {"unicode-1-1-utf-7", "utf-7"},
    {"cp-850", "ibm-850"},
}};

std::string tidy(std::string_view label) {
  std::string out;
  label = base::trim(label);
  for (const char c : label.substr(0, label.find_first_of(" \t("))) {
    const bool allowed = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                         (c >= 'A' && c <= 'Z') ||
                         std::string_view("-_.:+").find(c) != std::string_view::npos;
    if (allowed) out.push_back(c);
    if (out.size() > 60) break;
  }
  return base::lower(out);
}

std::string meant_by(const std::string& label) {
  for (const auto& [from, to] : kMeant) {
    if (label == from) return to;
  }
  return label;
}

Converter open(const char* name) {
  UErrorCode status = U_ZERO_ERROR;
  Converter converter(ucnv_open(name, &status));
  if (U_FAILURE(status)) return nullptr;
  return converter;
}

void drop_nul(std::string& text) {
  if (text.find('\0') != std::string::npos) std::erase(text, '\0');
}

std::optional<std::string> convert(std::string_view bytes, const char* charset) {
  const Converter from = open(charset);
  const Converter to = open("UTF-8");
  if (!from || !to) return std::nullopt;
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 2);
  std::array<char, 16384> buffer;
  std::array<UChar, 4096> pivot;
  UChar* pivot_source = pivot.data();
  UChar* pivot_target = pivot.data();
  const char* source = bytes.data();
  UBool reset = 1;
  UErrorCode status = U_BUFFER_OVERFLOW_ERROR;
  while (status == U_BUFFER_OVERFLOW_ERROR) {
    status = U_ZERO_ERROR;
    char* target = buffer.data();
    ucnv_convertEx(to.get(), from.get(), &target, buffer.data() + buffer.size(), &source,
                   bytes.data() + bytes.size(), pivot.data(), &pivot_source, &pivot_target,
                   pivot.data() + pivot.size(), reset, 1, &status);
    out.append(buffer.data(), target);
    reset = 0;
  }
  drop_nul(out);
  // A converter of ICU's data may yet leave a lone surrogate or a control: the promise is ours.
  return base::is_utf8(out) ? out : base::to_utf8(out);
}

std::string as_utf8(std::string_view bytes) {
  std::string text = base::to_utf8(bytes);
  drop_nul(text);
  return text;
}

std::string as_western(std::string_view bytes) {
  std::optional<std::string> text = convert(bytes, "windows-1252");
  return text ? std::move(*text) : as_utf8(bytes);
}

// Text that calls itself UTF-8 and is not: damaged when most of its long characters are sound.
bool is_mostly_utf8(std::string_view bytes, std::string_view repaired) {
  std::size_t broken = 0;
  for (std::size_t at = 0; (at = repaired.find("\xEF\xBF\xBD", at)) != std::string_view::npos;
       at += 3) {
    ++broken;
  }
  std::size_t leads = 0;
  for (const char c : bytes) leads += (static_cast<unsigned char>(c) & 0xC0U) == 0xC0U ? 1U : 0U;
  return broken * 2 <= leads;
}

}  // namespace

bool is_ascii(std::string_view bytes) {
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t seen = 0;
  for (; left >= sizeof(seen); left -= sizeof(seen), at += sizeof(seen)) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof(word));
    seen |= word;
  }
  for (; left > 0; --left, ++at) seen |= static_cast<unsigned char>(*at);
  return (seen & 0x8080808080808080U) == 0;
}

Decoded decode_charset(std::string_view bytes, std::string_view label) {
  const std::string name = meant_by(tidy(label));
  const bool western = name.empty() || name == "windows-1252";
  const bool utf8 = name == "utf-8" || name == "utf8";
  if (western || utf8) {
    if (base::is_utf8(bytes)) {
      const bool lied = western && !name.empty() && !is_ascii(bytes);
      Decoded same{std::string(bytes), lied ? Label::lied : Label::held};
      drop_nul(same.text);
      return same;
    }
    if (western) return {as_western(bytes), name.empty() ? Label::unknown : Label::held};
    std::string repaired = as_utf8(bytes);
    if (is_mostly_utf8(bytes, repaired)) return {std::move(repaired), Label::lied};
    return {as_western(bytes), Label::lied};
  }
  // A charset of seven bits cannot hold eight: in Japan that is Shift_JIS under the wrong name.
  if (name.starts_with("iso-2022-jp") && !is_ascii(bytes)) {
    return {guess_charset(bytes, "shift_jis"), Label::lied};
  }
  if (std::optional<std::string> text = convert(bytes, name.c_str())) {
    return {std::move(*text), Label::held};
  }
  return {guess_charset(bytes), Label::unknown};
}

std::string guess_charset(std::string_view bytes, std::string_view hint) {
  if (base::is_utf8(bytes)) return as_utf8(bytes);
  if (!hint.empty()) return decode_charset(bytes, hint).text;
  return as_western(bytes);
}

}  // namespace beredd::mail
