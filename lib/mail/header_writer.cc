#include "header_writer.h"

#include "charset.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <unicode/brkiter.h>
#include <unicode/utext.h>

#include "beredd/base/text.h"
#include "beredd/mail/compose.h"
#include "beredd/mail/envelope.h"

namespace beredd::mail {
namespace {

constexpr std::size_t kLine = 78;
constexpr std::size_t kLongestWord = 75;   // RFC 2047 §2
constexpr std::size_t kWordFrame = 12;     // "=?utf-8?q?" and "?="
constexpr std::size_t kLongestPlain = 70;  // a longer word of ASCII cannot be folded

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
bool is_in(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }
// RFC 5322 §3.2.3.
bool is_atom(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return is_alnum(c) || is_in(c, "!#$%&'*+-/=?^_`{|}~");
  });
}
// RFC 2047 §5 (3), the strictest of its rules.
bool is_plain_in_q(char c) { return is_alnum(c) || is_in(c, "!*+-/"); }
// RFC 2231 §7, attribute-char.
bool is_attribute_char(char c) { return is_alnum(c) || is_in(c, "!#$&+-.^_`{|}~"); }

std::size_t q_size(std::string_view text) {
  std::size_t size = 0;
  for (const char c : text) size += is_plain_in_q(c) || c == ' ' ? 1U : 3U;
  return size;
}
std::size_t b_size(std::string_view text) { return (text.size() + 2) / 3 * 4; }

std::string q_word(std::string_view text) {
  std::string out = "=?utf-8?q?";
  for (const char c : text) {
    if (c == ' ') {
      out.push_back('_');
    } else if (is_plain_in_q(c)) {
      out.push_back(c);
    } else {
      out += fmt::format("={:02X}", static_cast<unsigned char>(c));
    }
  }
  return out + "?=";
}

std::string b_word(std::string_view text) {
  std::string encoded(b_size(text) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return "=?utf-8?b?" + encoded + "?=";
}

// Where a word may end: behind each character as people see it (UAX #29), or behind each code point
// of one that is too long by itself.
std::vector<std::size_t> seams(std::string_view utf8) {
  constexpr std::size_t kMost = 21;  // octets that fit into a word, however encoded
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> characters(
      icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
  UText* text =
      utext_openUTF8(nullptr, utf8.data(), static_cast<std::int64_t>(utf8.size()), &status);
  std::vector<std::size_t> out;
  std::size_t last = 0;
  const auto code_points_until = [&](std::size_t end) {
    for (std::size_t i = last + 1; i < end; ++i) {
      if ((static_cast<unsigned char>(utf8[i]) & 0xC0U) != 0x80U) out.push_back(i);
    }
    last = end;
  };
  if (U_SUCCESS(status)) {
    characters->setText(text, status);
    for (auto at = characters->next(); at != icu::BreakIterator::DONE; at = characters->next()) {
      const auto end = static_cast<std::size_t>(at);
      if (end - last > kMost) code_points_until(end);
      last = end;
      out.push_back(end);
    }
  }
  utext_close(text);
  if (last < utf8.size()) {
    code_points_until(utf8.size());
    out.push_back(utf8.size());
  }
  return out;
}

Tokens encoded_words(std::string_view text, std::size_t column) {
  const bool base64 = b_size(text) < q_size(text);
  const auto size = base64 ? b_size : q_size;
  Tokens words;
  std::size_t begin = 0, end = 0;
  const auto word = [&] {
    const std::string_view piece = text.substr(begin, end - begin);
    words.push_back(base64 ? b_word(piece) : q_word(piece));
    begin = end;
    column = 1;
  };
  for (const std::size_t seam : seams(text)) {
    const std::size_t room = std::min(kLongestWord, kLine - 2 - std::min(column, kLine / 2));
    if (end > begin && size(text.substr(begin, seam - begin)) + kWordFrame > room) word();
    end = seam;
  }
  if (end > begin) word();
  return words;
}

Tokens words_of(std::string_view line) {
  Tokens out;
  if (line.empty()) return out;
  for (const std::string_view word : base::split(line, ' ')) out.emplace_back(word);
  return out;
}

// It may stand as it is: ASCII that can be folded, and nothing that looks encoded.
bool is_plain(std::string_view line, const Tokens& words) {
  return is_ascii(line) && line.find("=?") == std::string_view::npos &&
         std::all_of(words.begin(), words.end(),
                     [](const std::string& word) { return word.size() <= kLongestPlain; });
}

Tokens phrase(std::string_view name, std::size_t column) {
  Tokens words = words_of(name);
  if (!is_plain(name, words) || name.size() > kLongestPlain) return encoded_words(name, column);
  if (std::all_of(words.begin(), words.end(), [](const auto& word) { return is_atom(word); })) {
    return words;
  }
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return words_of(quoted + "\"");
}

std::string percent_encoded(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (is_attribute_char(c)) {
      out.push_back(c);
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace

std::string header_line(std::string_view text) {
  std::string out;
  for (const char c : base::to_utf8(text)) {
    const bool blank = static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
    if (!blank) {
      out.push_back(c);
    } else if (!out.empty() && out.back() != ' ') {
      out.push_back(' ');
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

bool is_visible_ascii(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

std::string field(std::string_view name, const Tokens& tokens) {
  std::string out(name);
  out += ":";
  std::size_t column = out.size();
  bool first = true;
  for (const std::string& token : tokens) {
    const bool fold = !first && column + 1 + token.size() > kLine;
    out.append(fold ? "\r\n " : " ").append(token);
    column = (fold ? 0 : column) + 1 + token.size();
    first = false;
  }
  return out + "\r\n";
}

Tokens unstructured(std::string_view text, std::size_t column) {
  Tokens words = words_of(text);
  return is_plain(text, words) ? words : encoded_words(text, column);
}

base::Result<AddressTokens> address_list(const std::vector<Address>& addresses,
                                         std::size_t column) {
  AddressTokens out;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const Address& one = addresses[i];
    auto mailbox = parse_mailbox(one.address, true);
    if (!mailbox || mailbox->domain.empty()) {
      return base::permanent(base::Code::invalid,
                             "\"" + base::for_terminal(one.address) + "\" is no mail address");
    }
    if (!is_ascii(mailbox->domain)) mailbox->domain = comparable_domain(mailbox->domain);
    const std::string address = mailbox->text();
    out.utf8 = out.utf8 || !is_ascii(address);
    const std::string name = header_line(one.name);
    for (std::string& token : phrase(name, i == 0 ? column : 1)) {
      out.tokens.push_back(std::move(token));
    }
    out.tokens.push_back(name.empty() ? address : "<" + address + ">");
    if (i + 1 < addresses.size()) out.tokens.back().push_back(',');
    out.read_as.push_back({name, address});
  }
  return out;
}

Tokens parameter(std::string_view name, std::string_view value) {
  constexpr std::size_t kLongest = 60;
  // What looks like an encoded word would be decoded by readers that are too kind.
  const bool plain = is_ascii(value) && value.find("=?") == std::string_view::npos;
  if (plain && value.size() <= kLongest) {
    std::string quoted = fmt::format("{}=\"", name);
    for (const char c : value) {
      if (c == '"' || c == '\\') quoted.push_back('\\');
      quoted.push_back(c);
    }
    return {quoted + "\""};
  }
  const std::string encoded = percent_encoded(value);
  if (encoded.size() + 7 <= kLongest) return {fmt::format("{}*=utf-8''{}", name, encoded)};
  Tokens out;
  for (std::size_t at = 0; at < encoded.size();) {
    std::size_t end = std::min(at + kLongest - 10, encoded.size());
    // An octet's three characters stay together.
    for (std::size_t back = 1; back <= 2 && end < encoded.size(); ++back) {
      if (encoded[end - back] == '%') end -= back;
    }
    out.push_back(fmt::format("{}*{}*={}{}{}", name, out.size(), out.empty() ? "utf-8''" : "",
                              encoded.substr(at, end - at), end < encoded.size() ? ";" : ""));
    at = end;
  }
  return out;
}

}  // namespace beredd::mail
