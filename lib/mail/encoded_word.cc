#include "encoded_word.h"

#include "charset.h"
#include "transfer.h"

#include <optional>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

struct Word {
  std::string_view charset;
  char encoding;  // 'b' or 'q'
  std::string_view text;
  std::size_t size;  // of the whole
};

// The word that begins at the front of `at`, which begins with "=?".
std::optional<Word> word_at(std::string_view at) {
  constexpr std::size_t kLongestLabel = 80;
  const std::size_t charset_end = at.substr(0, kLongestLabel).find('?', 2);
  if (charset_end == std::string_view::npos || charset_end + 2 >= at.size()) return std::nullopt;
  if (at[charset_end + 2] != '?') return std::nullopt;
  const char encoding = static_cast<char>(at[charset_end + 1] | 0x20);
  if (encoding != 'b' && encoding != 'q') return std::nullopt;
  const std::size_t text = charset_end + 3;
  const std::size_t mark = at.find('?', text);
  if (mark == std::string_view::npos) return std::nullopt;
  // A question mark may stand in Q text where it should be encoded: then the real end is further
  // on.
  std::size_t end = mark;
  while (end + 1 < at.size() && at[end + 1] != '=' && encoding == 'q') {
    end = at.find('?', end + 1);
    if (end == std::string_view::npos) return std::nullopt;
    if (at.substr(end - 1, 2) == "=?") return std::nullopt;
  }
  if (end + 1 >= at.size() || at[end + 1] != '=') return std::nullopt;
  std::string_view charset = at.substr(2, charset_end - 2);
  charset = charset.substr(0, charset.find('*'));  // the language of RFC 2231 §5
  return Word{charset, encoding, at.substr(text, end - text), end + 2};
}

std::string word_bytes(const Word& word) {
  if (word.encoding == 'b') return decoded(word.text, Transfer::base64);
  std::string spaced(word.text);
  for (char& c : spaced) c = c == '_' ? ' ' : c;
  // Blanks at the end of a line are padding in a body, but text here.
  const std::size_t body = spaced.find_last_not_of(" \t") + 1;
  return decoded(std::string_view(spaced).substr(0, body), Transfer::quoted_printable) +
         spaced.substr(body);
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

class HeaderText {
 public:
  explicit HeaderText(std::string_view hint) : hint_(hint) {}

  std::string run(std::string_view value) {
    std::size_t from = 0;
    std::size_t search = 0;
    while (true) {
      const std::size_t at = value.find("=?", search);
      if (at == std::string_view::npos) break;
      const std::optional<Word> word = word_at(value.substr(at));
      if (!word) {
        search = at + 2;
        continue;
      }
      between(value.substr(from, at - from));
      add(*word);
      from = search = at + word->size;
    }
    flush();
    plain(value.substr(from));
    return std::move(out_);
  }

 private:
  // Blanks between two words only keep them apart (RFC 2047 §6.2).
  void between(std::string_view text) {
    if (after_word_ && is_blank(text)) return;
    flush();
    plain(text);
  }

  // Words of one charset are joined before they are converted: many senders cut inside a character.
  void add(const Word& word) {
    if (!base::same_ignoring_case(word.charset, charset_)) flush();
    charset_ = word.charset;
    bytes_ += word_bytes(word);
    after_word_ = true;
  }

  void flush() {
    if (!bytes_.empty()) out_ += decode_charset(bytes_, charset_).text;
    bytes_.clear();
    charset_ = {};
    after_word_ = false;
  }

  void plain(std::string_view text) {
    if (is_ascii(text)) {
      out_.append(text);
    } else {
      out_ += guess_charset(text, hint_);
    }
  }

  std::string_view hint_;
  std::string out_;
  std::string bytes_;
  std::string_view charset_;
  bool after_word_ = false;
};

}  // namespace

std::string decode_header_text(std::string_view value, std::string_view hint) {
  std::string text = HeaderText(hint).run(value);
  // A decoded line end must never become one of ours: that is how headers are injected.
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return std::string(base::trim(text));
}

}  // namespace beredd::mail
