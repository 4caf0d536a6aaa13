#include "message_ids.h"

#include "encoded_word.h"

#include <algorithm>
#include <unordered_set>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

constexpr std::size_t kLongestId = 2000;
constexpr std::size_t kMostIds = 1000;

struct Tokens {
  std::vector<std::string> ids;
  std::string_view before;  // the text before the first
  bool text_beside = false;
};

bool is_text(std::string_view between) {
  return between.find_first_not_of(" \t\r\n,;") != std::string_view::npos;
}

Tokens tokens_of(std::string_view value) {
  Tokens out;
  std::size_t at = 0;
  while (out.ids.size() < kMostIds) {
    const std::size_t open = value.find('<', at);
    const std::string_view between =
        value.substr(at, open == std::string_view::npos ? open : open - at);
    out.text_beside |= is_text(between);
    if (out.ids.empty()) out.before = between;
    if (open == std::string_view::npos) break;
    const std::size_t end = value.find_first_of("<>", open + 1);
    if (end == std::string_view::npos) break;
    if (value[end] == '<') {
      at = end;
      continue;
    }
    std::string id = visible(value.substr(open + 1, end - open - 1));
    if (!id.empty() && id.size() <= kLongestId) out.ids.push_back(std::move(id));
    at = end + 1;
  }
  return out;
}

// Some mailers encode a long field as they would a subject (RFC 2047), which nobody may do here.
std::string decoded_value(std::string_view value) {
  const bool encoded = value.find("=?") != std::string_view::npos;
  return encoded ? decode_header_text(value) : std::string(value);
}

std::vector<std::string> each_once(std::vector<std::string> ids) {
  std::unordered_set<std::string> seen;
  std::erase_if(ids, [&seen](const std::string& id) { return !seen.insert(id).second; });
  return ids;
}

std::string without_comments(std::string_view value) {
  std::string out;
  int depth = 0;
  bool inside = false;
  for (const char c : value) {
    if (c == '<' && depth == 0) inside = true;
    if (c == '>') inside = false;
    if (c == '(' && !inside) ++depth;
    if (depth == 0) out.push_back(c);
    if (c == ')' && depth > 0) --depth;
  }
  // A parenthesis that never closes is no comment.
  return depth == 0 ? out : std::string(value);
}

}  // namespace

// Blanks inside an id come from folding; controls have no business there.
std::string visible(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) > 0x20 && c != 0x7F) out.push_back(c);
  }
  return base::is_utf8(out) ? out : base::to_utf8(out);
}

std::string parse_message_id(std::string_view field) {
  const std::string value = decoded_value(field);
  const Tokens tokens = tokens_of(value);
  if (!tokens.ids.empty()) return tokens.ids.front();
  std::string_view bare = base::trim(value);
  bare = bare.substr(0, bare.find_first_of(" \t\r\n"));
  std::string id = visible(bare);
  std::erase_if(id, [](char c) { return c == '<' || c == '>'; });
  return id.size() <= kLongestId ? id : std::string();
}

std::vector<std::string> parse_references(std::string_view value) {
  return each_once(tokens_of(decoded_value(value)).ids);
}

std::vector<std::string> parse_in_reply_to(std::string_view value) {
  const std::string plain = without_comments(decoded_value(value));
  Tokens tokens = tokens_of(plain);
  if (tokens.ids.size() > 1 && tokens.text_beside) {
    return {is_text(tokens.before) ? tokens.ids.back() : tokens.ids.front()};
  }
  return each_once(std::move(tokens.ids));
}

}  // namespace beredd::mail
