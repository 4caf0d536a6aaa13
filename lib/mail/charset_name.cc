#include "charset_name.h"

#include <algorithm>
#include <array>
#include <utility>

#include <iconv.h>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

// Spellings without their marks: "iso-8859-1", "ISO_8859-1" and "iso88591" are one.
constexpr std::array<std::pair<std::string_view, const char*>, 84> kMeant = {{
    {"iso88591", "windows-1252"},
    {"iso885911987", "windows-1252"},
    {"iso88591windows31latin1", "windows-1252"},
    {"isoir100", "windows-1252"},
    {"csisolatin1", "windows-1252"},
    {"latin1", "windows-1252"},
    {"l1", "windows-1252"},
    {"88591", "windows-1252"},
    {"cp819", "windows-1252"},
    {"ibm819", "windows-1252"},
    {"usascii", "windows-1252"},
    {"ascii", "windows-1252"},
    {"us", "windows-1252"},
    {"iso646us", "windows-1252"},
    {"ansix341968", "windows-1252"},
    {"ansix341986", "windows-1252"},
    {"ansix3110", "windows-1252"},
    {"ansix31101983", "windows-1252"},
    {"ansi", "windows-1252"},
    {"msansi", "windows-1252"},
    {"cp367", "windows-1252"},
    {"latin9", "iso-8859-15"},
    {"latin0", "iso-8859-15"},
    {"l9", "iso-8859-15"},
    {"iso88599", "windows-1254"},
    {"latin5", "windows-1254"},
    {"iso885911", "windows-874"},
    {"tis620", "windows-874"},
    {"tis6200", "windows-874"},
    {"cp874", "windows-874"},
    {"iso88598i", "iso-8859-8"},
    {"iso88598e", "iso-8859-8"},
    {"msee", "windows-1250"},
    {"mscyrl", "windows-1251"},
    {"msgreek", "windows-1253"},
    {"msturk", "windows-1254"},
    {"mshebr", "windows-1255"},
    {"msarab", "windows-1256"},
    {"winbaltrim", "windows-1257"},
    {"koi8", "koi8-r"},
    {"koi8ru", "koi8-u"},
    {"koi", "koi8-r"},
    {"gb2312", "gb18030"},
    {"gb231280", "gb18030"},
    {"csgb2312", "gb18030"},
    {"chinese", "gb18030"},
    {"gbk", "gb18030"},
    {"xgbk", "gb18030"},
    {"cp936", "gb18030"},
    {"euccn", "gb18030"},
    {"cngb", "gb18030"},
    {"ksc56011987", "windows-949"},
    {"ksc5601", "windows-949"},
    {"euckr", "windows-949"},
    {"korean", "windows-949"},
    {"uhc", "windows-949"},
    {"xwindows949", "windows-949"},
    {"cp949", "windows-949"},
    {"mscp949", "windows-949"},
    {"cp1361", "johab"},
    {"mscp1361", "johab"},
    {"shiftjis", "windows-31j"},
    {"xsjis", "windows-31j"},
    {"sjis", "windows-31j"},
    {"sjiswin", "windows-31j"},
    {"cp932", "windows-31j"},
    {"eucjpwin", "euc-jp"},
    {"eucjpms", "euc-jp"},
    {"xeucjp", "euc-jp"},
    {"big5", "big5-hkscs"},
    {"xxbig5", "big5-hkscs"},
    {"cnbig5", "big5-hkscs"},
    {"bigfive", "big5-hkscs"},
    {"unicode11utf7", "utf-7"},
    {"unicode11utf8", "utf-8"},
    {"utf8mb4", "utf-8"},
    {"utf8mb3", "utf-8"},
    {"iso10646utf8", "utf-8"},
    {"cp65001", "utf-8"},
    {"unicode", "utf-16"},
    {"ucs2le", "utf-16le"},
    {"ucs2be", "utf-16be"},
    {"ucs4le", "utf-32le"},
    {"ucs4be", "utf-32be"},
}};

constexpr std::array<std::string_view, 12> kNothing = {
    "xunknown", "unknown",     "unknown8bit",  "8bit", "7bit", "binary",
    "default",  "userdefined", "xuserdefined", "none", "auto", "defaultcharset"};

constexpr std::array<std::pair<std::string_view, const char*>, 23> kIconv = {{
    {"viscii", "VISCII"},
    {"tcvn", "TCVN"},
    {"tcvn57121", "TCVN"},
    {"xviettcvn5712", "TCVN"},
    {"koi8t", "KOI8-T"},
    {"armscii8", "ARMSCII-8"},
    {"georgianps", "GEORGIAN-PS"},
    {"georgianacademy", "GEORGIAN-ACADEMY"},
    {"pt154", "PT154"},
    {"rk1048", "RK1048"},
    {"iso885916", "ISO-8859-16"},
    {"latin10", "ISO-8859-16"},
    {"macukrainian", "MACUK"},
    {"johab", "JOHAB"},
    {"iso6937", "ISO_6937"},
    {"t618bit", "T.61-8BIT"},
    {"tscii", "TSCII"},
    {"mik", "MIK"},
    {"sen850200b", "ISO646-SE"},
    {"iso646se", "ISO646-SE"},
    {"ns45511", "ISO646-NO"},
    {"iso646no", "ISO646-NO"},
    {"shiftjisx0213", "SHIFT_JISX0213"},
}};

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string tidy(std::string_view label) {
  std::string out;
  label = base::trim(label);
  for (const char c : label.substr(0, label.find_first_of(" \t("))) {
    if (is_letter_or_digit(c) || std::string_view("-_.:+").find(c) != std::string_view::npos)
      out.push_back(c);
    if (out.size() > 60) break;
  }
  return base::lower(out);
}

std::string without_marks(std::string name) {
  std::erase_if(name, [](char c) { return !is_letter_or_digit(c); });
  return name;
}

// "cp-1252", "win1252", "microsoft-cp1252" …
bool is_windows(std::string_view key) {
  if (key.size() < 4) return false;
  const std::string_view digits = key.substr(key.size() - 4);
  const std::string_view front = key.substr(0, key.size() - 4);
  constexpr std::array<std::string_view, 7> kFronts = {"",    "cp",   "win",        "windows",
                                                       "xcp", "ansi", "microsoftcp"};
  return digits.starts_with("125") && digits[3] >= '0' && digits[3] <= '8' &&
         std::find(kFronts.begin(), kFronts.end(), front) != kFronts.end();
}

template <class Table>
const char* look_up(const Table& table, std::string_view key) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [key](const auto& entry) { return entry.first == key; });
  return found == table.end() ? nullptr : found->second;
}

}  // namespace

std::string meant_by(std::string_view label) {
  std::string name = tidy(label);
  const std::string key = without_marks(name);
  if (key == "utf8" || key == "xutf8") return "utf-8";
  if (is_windows(key)) return "windows-" + key.substr(key.size() - 4);
  if (const char* meant = look_up(kMeant, key)) return meant;
  if (const char* known = look_up(kIconv, key)) return base::lower(known);
  if (std::find(kNothing.begin(), kNothing.end(), key) != kNothing.end()) return {};
  return name;
}

bool is_of_iconv(std::string_view name) {
  return std::any_of(kIconv.begin(), kIconv.end(), [name](const auto& entry) {
    return base::same_ignoring_case(entry.second, name);
  });
}

void load_iconv() {
  // Kept open for as long as the process lives: an open descriptor keeps its module loaded.
  static const bool loaded = [] {
    for (const auto& entry : kIconv) static_cast<void>(::iconv_open("UTF-8", entry.second));
    return true;
  }();
  static_cast<void>(loaded);
}

}  // namespace beredd::mail
