#include "html_tag.h"

#include "html_entities.h"

#include <algorithm>
#include <array>
#include <utility>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

constexpr std::size_t kLongestReference = 12;

constexpr std::array<std::pair<std::string_view, Element>, 55> kElements = {{
    {"p", Element::paragraph},
    {"h1", Element::paragraph},
    {"h2", Element::paragraph},
    {"h3", Element::paragraph},
    {"h4", Element::paragraph},
    {"h5", Element::paragraph},
    {"h6", Element::paragraph},
    {"table", Element::line},
    {"ul", Element::line},
    {"ol", Element::line},
    {"dl", Element::line},
    {"div", Element::line},
    {"tr", Element::line},
    {"caption", Element::line},
    {"dt", Element::line},
    {"dd", Element::line},
    {"section", Element::line},
    {"article", Element::line},
    {"header", Element::line},
    {"footer", Element::line},
    {"nav", Element::line},
    {"main", Element::line},
    {"aside", Element::line},
    {"address", Element::line},
    {"center", Element::line},
    {"form", Element::line},
    {"fieldset", Element::line},
    {"body", Element::line},
    {"html", Element::line},
    {"thead", Element::line},
    {"tbody", Element::line},
    {"tfoot", Element::line},
    {"figure", Element::line},
    {"figcaption", Element::line},
    {"legend", Element::line},
    {"option", Element::line},
    {"li", Element::item},
    {"td", Element::cell},
    {"th", Element::cell},
    {"br", Element::line_break},
    {"hr", Element::rule},
    {"a", Element::link},
    {"blockquote", Element::quote},
    {"pre", Element::preformatted},
    {"listing", Element::preformatted},
    {"script", Element::raw},
    {"style", Element::raw},
    {"title", Element::raw},
    {"noscript", Element::inline_text},
    {"textarea", Element::line},
    {"xmp", Element::preformatted},
    {"iframe", Element::raw},
    {"object", Element::inline_text},
    {"template", Element::raw},
    {"svg", Element::raw},
}};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }

Element element_named(std::string_view name) {
  for (const auto& [known, element] : kElements) {
    if (known.size() == name.size() && known[0] == (name[0] | 0x20) &&
        base::same_ignoring_case(known, name))
      return element;
  }
  return Element::unknown;
}

// Where the tag's '>' stands: not one inside of a quoted value.
std::size_t tag_end(std::string_view html, std::size_t at) {
  char quote = 0;
  char before = 0;
  for (; at < html.size(); ++at) {
    const char c = html[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '>') {
      return at;
    } else if ((c == '"' || c == '\'') && before == '=') {
      quote = c;
    }
    if (!is_blank(c)) before = c;
  }
  return std::string_view::npos;
}

}  // namespace

std::optional<Tag> tag_at(std::string_view html) {
  Tag tag;
  std::size_t at = 1;
  if (at < html.size() && html[at] == '/') {
    tag.closing = true;
    ++at;
  }
  if (at >= html.size() || !is_letter(html[at])) return std::nullopt;
  const std::string_view window = html.substr(0, kLongestTag);
  const std::size_t name_end = std::min(window.find_first_of(" \t\r\n\f/>", at), window.size());
  // An unclosed quote must not eat the page: then the first '>' ends the tag.
  std::size_t end = tag_end(window, name_end);
  if (end == std::string_view::npos) end = window.find('>', name_end);
  if (end == std::string_view::npos) return std::nullopt;
  tag.name = html.substr(at, name_end - at);
  tag.attributes = html.substr(name_end, end - name_end);
  tag.element = element_named(tag.name);
  tag.size = end + 1;
  return tag;
}

std::optional<std::string> Tag::attribute(std::string_view wanted) const {
  std::string_view rest = attributes;
  while (!rest.empty()) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n\f/"), rest.size()));
    const std::size_t name_end = std::min(rest.find_first_of("= \t\r\n\f/"), rest.size());
    const std::string_view key = rest.substr(0, name_end);
    rest.remove_prefix(name_end);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n\f"), rest.size()));
    std::string_view value;
    if (rest.starts_with('=')) {
      rest.remove_prefix(1);
      rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n\f"), rest.size()));
      const bool quoted = rest.starts_with('"') || rest.starts_with('\'');
      const char quote = quoted ? rest[0] : ' ';
      if (quoted) rest.remove_prefix(1);
      const std::size_t end =
          std::min(quoted ? rest.find(quote) : rest.find_first_of(" \t\r\n\f"), rest.size());
      value = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (base::same_ignoring_case(key, wanted)) return undo_references(value);
  }
  return std::nullopt;
}

Reference reference_at(std::string_view text) {
  std::size_t end = 1;
  if (end < text.size() && text[end] == '#') ++end;
  while (end < text.size() && end < kLongestReference &&
         (is_letter(text[end]) || (text[end] >= '0' && text[end] <= '9'))) {
    ++end;
  }
  const char32_t point = entity(text.substr(1, end - 1));
  if (point == 0) return {};
  const bool semicolon = end < text.size() && text[end] == ';';
  return {point, semicolon ? end + 1 : end};
}

std::string undo_references(std::string_view text) {
  std::string out;
  while (true) {
    const std::size_t mark = text.find('&');
    out.append(text.substr(0, mark));
    if (mark == std::string_view::npos) return out;
    text.remove_prefix(mark);
    const Reference reference = reference_at(text);
    if (reference.size == 0) {
      out.push_back('&');
      text.remove_prefix(1);
    } else {
      append_utf8(out, reference.point);
      text.remove_prefix(reference.size);
    }
  }
}

}  // namespace beredd::mail
