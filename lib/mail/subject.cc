#include "beredd/mail/subject.h"

#include <algorithm>
#include <memory>

#include <unicode/ucasemap.h>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

// "Re" and "Fwd" in the tongues of the mail clients; lower case.
constexpr std::string_view kReply[] = {
    "re",  "sv",   "svar",  "vs",  "ang", "aw",   "antw", "antwort", "odp",  "ref",  "réf",  "rép",
    "res", "resp", "rif",   "r",   "ynt", "vá",   "bls",  "odg",     "atb",  "απ",   "σχετ", "отв",
    "ha",  "на",   "תגובה", "השב", "رد",  "回复", "答复", "回覆",    "回復", "回应", "返信"};
constexpr std::string_view kForward[] = {"fwd",
                                         "fw",
                                         "vb",
                                         "vl",
                                         "wg",
                                         "tr",
                                         "rv",
                                         "enc",
                                         "pd",
                                         "doorst",
                                         "ilt",
                                         "videresendt",
                                         "i",
                                         "wtr",
                                         "prosl",
                                         "προθ",
                                         "πρθ",
                                         "пересл",
                                         "továbbítás",
                                         "转发",
                                         "轉寄",
                                         "转寄",
                                         "轉發",
                                         "vidarebefordrat",
                                         "weitergeleitet",
                                         "doorgestuurd",
                                         "הועבר",
                                         "転送"};

struct CloseMap {
  void operator()(UCaseMap* map) const { ucasemap_close(map); }
};

// By ICU in no locale, so that a subject is the same everywhere.
std::string lower_case(std::string_view utf8) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::all_of(utf8.begin(), utf8.end(), is_ascii)) return base::lower(utf8);
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UCaseMap, CloseMap> map(ucasemap_open("", 0, &status));
  if (U_FAILURE(status)) return base::lower(utf8);
  std::string out(utf8.size() * 3 + 1, '\0');  // no character grows more than threefold
  const std::int32_t size =
      ucasemap_utf8ToLower(map.get(), out.data(), static_cast<std::int32_t>(out.size()),
                           utf8.data(), static_cast<std::int32_t>(utf8.size()), &status);
  if (U_FAILURE(status)) return base::lower(utf8);
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string fold_blanks(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const bool no_break = text.substr(i).starts_with("\xC2\xA0");
    const bool wide = text.substr(i).starts_with("\xE3\x80\x80");
    if (no_break || wide || static_cast<unsigned char>(text[i]) <= ' ') {
      if (!out.empty() && out.back() != ' ') out.push_back(' ');
      i += no_break ? 2 : wide ? 3 : 1;
    } else {
      out.push_back(text[i++]);
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The size of "[2]", "(2)", "^2", "*2" or "2" at the front.
std::size_t count_size(std::string_view text) {
  if (!text.empty() && is_digit(text[0])) {
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) -
                                    text.begin());
  }
  if (text.empty() || std::string_view("[(^*").find(text[0]) == std::string_view::npos) return 0;
  std::size_t end = 1;
  while (end < text.size() && is_digit(text[end])) ++end;
  if (end == 1) return 0;
  const char closing = text[0] == '[' ? ']' : text[0] == '(' ? ')' : '\0';
  if (closing == '\0') return end;
  return end < text.size() && text[end] == closing ? end + 1 : 0;
}

// The size of `word`, a count and a colon at the front of `text`; 0 when they are not there.
std::size_t prefix_size(std::string_view text, std::string_view word) {
  if (!text.starts_with(word)) return 0;
  std::size_t at = word.size();
  const auto skip_blank = [&] {
    if (at < text.size() && text[at] == ' ') ++at;
  };
  skip_blank();
  if (const std::size_t count = count_size(text.substr(at)); count > 0) {
    at += count;
    skip_blank();
  }
  for (const std::string_view colon : {":", "：", "∶"}) {
    if (text.substr(at).starts_with(colon)) return at + colon.size();
  }
  return 0;
}

template <std::size_t N>
std::size_t longest_prefix(std::string_view text, const std::string_view (&words)[N]) {
  std::size_t size = 0;
  for (const std::string_view word : words) size = std::max(size, prefix_size(text, word));
  return size;
}

void trim_left(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
}

void trim_right(std::string_view& text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
}

// The size of a list's "[tag] " where another prefix stands behind it: "Re: [pumps] Re: leak".
std::size_t tag_size(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  const std::size_t end = text.find(']');
  if (!text.starts_with('[') || end == std::string_view::npos || end > kLongest) return 0;
  std::string_view rest = text.substr(end + 1);
  trim_left(rest);
  const bool prefixed = longest_prefix(rest, kReply) > 0 || longest_prefix(rest, kForward) > 0;
  return prefixed ? text.size() - rest.size() : 0;
}

// "[Fwd: something]" and "something (fwd)", as mailers wrote before there were prefixes.
bool strip_wrapping(std::string_view& text) {
  if (text.starts_with("[fwd:") && text.ends_with(']')) {
    text.remove_prefix(5);
    text.remove_suffix(1);
    trim_left(text);
    trim_right(text);
    return true;
  }
  if (text.ends_with(" (fwd)")) {
    text.remove_suffix(6);
    return true;
  }
  return false;
}

}  // namespace

std::string fold_subject(std::string_view utf8) { return fold_blanks(lower_case(utf8)); }

SubjectLine normalise_subject(std::string_view utf8) {
  SubjectLine out;
  const std::string folded = fold_subject(utf8);
  std::string_view text = folded;
  while (true) {
    if (const std::size_t reply = longest_prefix(text, kReply); reply > 0) {
      out.is_reply = true;
      text.remove_prefix(reply);
    } else if (const std::size_t forward = longest_prefix(text, kForward); forward > 0) {
      out.is_forward = true;
      text.remove_prefix(forward);
    } else if (strip_wrapping(text)) {
      out.is_forward = true;
    } else if (const std::size_t tag = tag_size(text); tag > 0) {
      text.remove_prefix(tag);
    } else {
      break;
    }
    trim_left(text);
  }
  out.base = text;
  return out;
}

}  // namespace beredd::mail
