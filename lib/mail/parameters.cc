#include "parameters.h"

#include "charset.h"
#include "encoded_word.h"

#include <algorithm>
#include <charconv>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

constexpr std::string_view kBlank = " \t\r\n";
constexpr std::size_t kMostPieces = 1000;

bool is_blank(char c) { return kBlank.find(c) != std::string_view::npos; }

// A cursor over the field; each step eats at least one octet, so reading is linear.
class Reader {
 public:
  explicit Reader(std::string_view field) : rest_(field) {}

  Parametrised run() {
    Parametrised out;
    skip_between();
    out.value = main_value();
    while (!rest_.empty() && out.pieces.size() < kMostPieces) {
      skip_between();
      const std::string_view name = take_until("=; \t\r\n");
      skip_blanks();
      if (rest_.empty() || rest_[0] != '=') {
        if (name.empty() && !rest_.empty()) rest_.remove_prefix(1);
        continue;
      }
      rest_.remove_prefix(1);
      skip_blanks();
      add(out, name, take_value());
    }
    return out;
  }

 private:
  // Some write "multipart/mixed boundary=…" without the semicolon, some blanks around the slash.
  std::string main_value() {
    std::string value(take_until("; \t\r\n(="));
    if (!rest_.empty() && rest_[0] == '=') {
      // There is no value at all: the field begins with a parameter.
      rest_ = std::string_view(rest_.data() - value.size(), rest_.size() + value.size());
      return {};
    }
    skip_between_but_semicolon();
    if (value.ends_with('/') || rest_.starts_with('/')) value += take_until("; \t\r\n(");
    std::erase(value, '"');
    return base::lower(value);
  }

  std::string_view take_until(std::string_view stops) {
    const std::size_t end = std::min(rest_.find_first_of(stops), rest_.size());
    const std::string_view taken = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return taken;
  }

  void skip_blanks() {
    while (!rest_.empty() && is_blank(rest_[0])) rest_.remove_prefix(1);
  }

  void skip_between_but_semicolon() {
    while (true) {
      skip_blanks();
      if (rest_.empty() || rest_[0] != '(') return;
      const std::size_t close = rest_.find(')');
      rest_.remove_prefix(close == std::string_view::npos ? rest_.size() : close + 1);
    }
  }

  void skip_between() {
    while (true) {
      skip_between_but_semicolon();
      if (rest_.empty() || (rest_[0] != ';' && rest_[0] != ',')) return;
      rest_.remove_prefix(1);
    }
  }

  std::string take_value() {
    if (rest_.empty()) return {};
    return rest_[0] == '"' ? quoted() : bare();
  }

  std::string quoted() {
    std::string value;
    rest_.remove_prefix(1);
    while (!rest_.empty() && rest_[0] != '"') {
      if (rest_[0] == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      // A fold stands for the blank behind it.
      if (rest_[0] != '\r' && rest_[0] != '\n') value.push_back(rest_[0] == '\t' ? ' ' : rest_[0]);
      rest_.remove_prefix(1);
    }
    if (!rest_.empty()) rest_.remove_prefix(1);
    return value;
  }

  // Names of files come unquoted with blanks in them: a value goes on, word by word, until one that
  // looks like the next parameter.
  std::string bare() {
    std::string value(take_until("; \t\r\n"));
    while (true) {
      const std::size_t word = std::min(rest_.find_first_not_of(kBlank), rest_.size());
      const std::size_t end = std::min(rest_.find_first_of("; \t\r\n", word), rest_.size());
      const std::string_view text = rest_.substr(word, end - word);
      if (text.empty() || begins_parameter(text)) return value;
      for (const char c : rest_.substr(0, word)) {
        if (c != '\r' && c != '\n') value.push_back(' ');
      }
      value.append(text);
      rest_.remove_prefix(end);
    }
  }

  static bool begins_parameter(std::string_view word) {
    const std::size_t equals = word.find('=');
    return equals != std::string_view::npos && looks_like_name(word.substr(0, equals));
  }

  static bool looks_like_name(std::string_view text) {
    return !text.empty() && text.find_first_not_of(
                                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "-*0123456789") == std::string_view::npos;
  }

  // "filename*1*" is section 1 of "filename", extended.
  static void add(Parametrised& out, std::string_view name, std::string value) {
    Parametrised::Piece piece;
    piece.value = std::move(value);
    if (name.ends_with('*')) {
      piece.extended = true;
      name.remove_suffix(1);
    }
    const std::size_t star = name.rfind('*');
    if (star != std::string_view::npos) {
      const std::string_view digits = name.substr(star + 1);
      const auto [end, error] =
          std::from_chars(digits.data(), digits.data() + digits.size(), piece.section);
      if (error == std::errc() && end == digits.data() + digits.size()) {
        piece.sectioned = true;
        name = name.substr(0, star);
      }
    }
    piece.name = base::lower(name);
    out.pieces.push_back(std::move(piece));
  }

  std::string_view rest_;
};

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::string undo_percent(std::string_view text) {
  std::string out;
  while (true) {
    const std::size_t percent = text.find('%');
    out.append(text.substr(0, percent));
    if (percent == std::string_view::npos) return out;
    text.remove_prefix(percent + 1);
    const int high = text.size() > 1 ? hex_value(text[0]) : -1;
    const int low = text.size() > 1 ? hex_value(text[1]) : -1;
    if (high < 0 || low < 0) {
      out.push_back('%');
    } else {
      out.push_back(static_cast<char>(high * 16 + low));
      text.remove_prefix(2);
    }
  }
}

struct Joined {
  std::string bytes;
  std::string charset;
  bool extended = false;
};

// The pieces of one parameter in the order of their sections, up to the first gap.
Joined join(std::vector<const Parametrised::Piece*> pieces) {
  std::stable_sort(pieces.begin(), pieces.end(),
                   [](const auto* a, const auto* b) { return a->section < b->section; });
  // Some count from 1.
  unsigned next = pieces.front()->section <= 1 ? pieces.front()->section : 0;
  Joined out;
  for (const Parametrised::Piece* piece : pieces) {
    if (piece->section != next) continue;
    ++next;
    std::string_view value = piece->value;
    if (piece->extended && !out.extended && std::count(value.begin(), value.end(), '\'') >= 2) {
      const std::size_t first = value.find('\'');
      const std::size_t second = value.find('\'', first + 1);
      out.charset = value.substr(0, first);
      value.remove_prefix(second + 1);
    }
    out.extended |= piece->extended;
    out.bytes += piece->extended ? undo_percent(value) : std::string(value);
  }
  return out;
}

// RFC 2231 wins over the plain form beside it (RFC 6266 §4.3 says so for HTTP; mailers mean the
// same).
std::optional<Joined> find(const Parametrised& all, std::string_view name) {
  std::vector<const Parametrised::Piece*> sections;
  const Parametrised::Piece* plain = nullptr;
  const Parametrised::Piece* extended = nullptr;
  for (const Parametrised::Piece& piece : all.pieces) {
    if (piece.name != name) continue;
    if (piece.sectioned) {
      sections.push_back(&piece);
    } else if (piece.extended) {
      extended = extended == nullptr ? &piece : extended;
    } else {
      plain = plain == nullptr ? &piece : plain;
    }
  }
  if (extended != nullptr) return join({extended});
  if (!sections.empty()) return join(std::move(sections));
  if (plain != nullptr) return Joined{plain->value, {}, false};
  return std::nullopt;
}

}  // namespace

std::optional<std::string> Parametrised::raw(std::string_view name) const {
  std::optional<Joined> found = find(*this, name);
  if (!found) return std::nullopt;
  return std::move(found->bytes);
}

std::string Parametrised::text(std::string_view name, std::string_view hint) const {
  const std::optional<Joined> found = find(*this, name);
  if (!found) return {};
  if (found->extended && !found->charset.empty()) {
    return decode_charset(found->bytes, found->charset).text;
  }
  return decode_header_text(found->bytes, hint);
}

Parametrised parse_parameters(std::string_view field) { return Reader(field).run(); }

}  // namespace beredd::mail
