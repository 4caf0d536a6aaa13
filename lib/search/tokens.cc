#include "beredd/search/tokens.h"

#include <algorithm>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

namespace beredd::search {
namespace {

enum class Sort { other, joint, letter, character };

bool spaceless(UChar32 c) {
  UErrorCode code = U_ZERO_ERROR;
  switch (uscript_getScript(c, &code)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_HANGUL:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR: return true;
    default: return false;
  }
}

Sort sort_of_ascii(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
    return Sort::letter;
  }
  return std::string_view(".@-_+'").find(c) != std::string_view::npos ? Sort::joint : Sort::other;
}

// A soft hyphen or a joiner within a word is part of it, and vanishes when it is folded.
Sort sort_of(UChar32 c) {
  if (c < 0) return Sort::other;
  if (c < 0x80) return sort_of_ascii(static_cast<char>(c));
  if (c == 0x2019 || c == 0x2010 || c == 0x2011) return Sort::joint;
  if (u_isalnum(c)) return c >= 0x0e00 && spaceless(c) ? Sort::character : Sort::letter;
  const auto mark = U_MASK(u_charType(c)) & (U_GC_M_MASK | U_GC_CF_MASK | U_GC_NO_MASK);
  return mark != 0 ? Sort::letter : Sort::other;
}

// Walks code points; `at` is where the present one begins.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) { step(); }
  bool here() const { return at_ < text_.size(); }
  std::size_t at() const { return at_; }
  std::size_t next() const { return static_cast<std::size_t>(next_); }
  Sort sort() const { return sort_; }
  void step() {
    at_ = static_cast<std::size_t>(next_);
    if (!here()) return;
    const auto byte = static_cast<unsigned char>(text_[at_]);
    if (byte < 0x80) {
      ++next_;
      sort_ = sort_of_ascii(text_[at_]);
      return;
    }
    UChar32 c = 0;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text_.data());
    U8_NEXT(bytes, next_, static_cast<std::int64_t>(text_.size()), c);
    sort_ = sort_of(c);
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::int64_t next_ = 0;
  Sort sort_ = Sort::other;
};

// Letters that no decomposition leads to their plain form.
UChar32 plainer(UChar32 c) {
  switch (c) {
    case 0xe6: return 0xe4;   // æ: ä
    case 0xf8: return 0xf6;   // ø: ö
    case 0x0131: return 'i';  // ı
    case 0x0142: return 'l';  // ł
    case 0x0111: return 'd';  // đ
    case 0xf0: return 'd';    // ð
    case 0x2019: return '\'';
    case 0x2010:
    case 0x2011: return '-';
    default: return c;
  }
}

bool of_the_north(UChar32 c) { return c == 0xe5 || c == 0xe4 || c == 0xf6; }

void append_without_marks(std::string& out, UChar32 c) {
  icu::UnicodeString letters(c);
  UErrorCode code = U_ZERO_ERROR;
  const icu::Normalizer2* apart = icu::Normalizer2::getNFDInstance(code);
  icu::UnicodeString decomposed;
  if (U_SUCCESS(code) && apart->getDecomposition(c, decomposed)) letters = decomposed;
  icu::UnicodeString kept;
  for (int i = 0; i < letters.length(); i = letters.moveIndex32(i, 1)) {
    const UChar32 letter = letters.char32At(i);
    if (letter < 0x300 || letter > 0x36f) kept.append(letter);
  }
  kept.toUTF8String(out);
}

Token fold_ascii(std::string_view text) {
  Token token;
  token.kept.assign(text);
  for (char& c : token.kept) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  token.plain = token.kept;
  return token;
}

Token fold_unicode(std::string_view text) {
  UErrorCode code = U_ZERO_ERROR;
  const icu::Normalizer2* folder = icu::Normalizer2::getNFKCCasefoldInstance(code);
  icu::UnicodeString given = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  icu::UnicodeString folded = U_SUCCESS(code) ? folder->normalize(given, code) : given;
  Token token;
  for (int i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
    const UChar32 c = plainer(folded.char32At(i));
    if (of_the_north(c)) {
      icu::UnicodeString(c).toUTF8String(token.kept);
      token.plain += c == 0xf6 ? 'o' : 'a';
    } else if (c < 0x80) {
      token.kept += static_cast<char>(c);
      token.plain += static_cast<char>(c);
    } else {
      const std::size_t before = token.kept.size();
      append_without_marks(token.kept, c);
      token.plain.append(token.kept, before);
    }
  }
  return token;
}

void cut(std::string& text, std::size_t most) {
  if (text.size() <= most) return;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
}

Token folded(std::string_view text, std::size_t most) {
  // What is cut off before folding cannot be within what is kept after it: folding shortens a
  // character to no less than a sixth of its bytes, or drops it whole.
  const std::string_view head = text.substr(0, most * 8);
  const bool ascii = std::all_of(head.begin(), head.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  Token token = ascii ? fold_ascii(head) : fold_unicode(head);
  cut(token.kept, most);
  cut(token.plain, most);
  return token;
}

void add(std::vector<Token>& tokens, std::string_view text, bool character) {
  if (text.empty()) return;
  Token token = folded(text, kMostTokenBytes);
  token.character = character;
  if (!token.kept.empty()) tokens.push_back(std::move(token));
}

bool is(const Token& said, const Token& wanted) {
  return said.kept == wanted.kept || said.plain == wanted.kept;
}

}  // namespace

void each_compound(std::string_view text, const std::function<void(std::string_view)>& take) {
  std::size_t begin = 0;
  std::size_t end = 0;  // behind the last letter; a joint after it may be the sentence's end
  bool inside = false;
  bool joint = false;
  const auto close = [&] {
    if (inside) take(text.substr(begin, end - begin));
    inside = false;
  };
  for (Walk walk(text); walk.here(); walk.step()) {
    if (walk.sort() == Sort::other || (walk.sort() == Sort::joint && joint)) {
      close();
      continue;
    }
    joint = walk.sort() == Sort::joint;
    if (joint) continue;
    if (!inside) begin = walk.at();
    inside = true;
    end = walk.next();
  }
  close();
}

std::vector<Token> tokens_of(std::string_view compound) {
  std::vector<Token> tokens;
  std::size_t begin = 0;
  for (Walk walk(compound); walk.here(); walk.step()) {
    if (walk.sort() == Sort::letter) continue;
    add(tokens, compound.substr(begin, walk.at() - begin), false);
    begin = walk.next();
    if (walk.sort() == Sort::character) {
      add(tokens, compound.substr(walk.at(), walk.next() - walk.at()), true);
    }
  }
  add(tokens, compound.substr(begin), false);
  return tokens;
}

std::vector<Token> tokens_of_text(std::string_view text) {
  std::vector<Token> all;
  each_compound(text, [&](std::string_view compound) {
    for (Token& token : tokens_of(compound)) all.push_back(std::move(token));
  });
  return all;
}

Token fold(std::string_view compound) { return folded(compound, kMostCompoundBytes); }

bool stands_in(const std::vector<Token>& phrase, std::string_view text) {
  const std::vector<Token> said = tokens_of_text(text);
  return std::search(said.begin(), said.end(), phrase.begin(), phrase.end(), is) != said.end();
}

}  // namespace beredd::search
