#include "html_source.h"

#include "html_element.h"

#include <algorithm>
#include <array>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

constexpr std::size_t kLongestDeclaration = 2000;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }

struct Tag {
  std::string_view name;
  bool closing = false;
  bool plain = true;   // its attributes can be shown to the parser
  bool empty = false;  // "<svg/>"
  std::size_t size = 0;
};

// How a tag ends, and how many attributes it can hold at most.
struct TagEnd {
  std::size_t at = std::string_view::npos;
  std::size_t attributes = 0;
};

// The '>' that stands in no quoted value.
TagEnd tag_end(std::string_view window, std::size_t at) {
  TagEnd out;
  char quote = 0;
  char before = 0;
  for (; at < window.size(); ++at) {
    const char c = window[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '>') {
      out.at = at;
      return out;
    } else if ((c == '"' || c == '\'') && before == '=') {
      quote = c;
      ++out.attributes;
    } else if (is_blank(c) || c == '/') {
      ++out.attributes;
    }
    if (!is_blank(c)) before = c;
  }
  return out;
}

// `html` begins with '<'. Nothing when that is only a character: "a < b", "<anna@example.org>".
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
  tag.name = html.substr(at, name_end - at);
  if (tag.name.find('@') != std::string_view::npos) return std::nullopt;
  TagEnd end = tag_end(window, name_end);
  tag.plain = end.at != std::string_view::npos && end.attributes <= kMostAttributes;
  // An unclosed quote must not eat the page: then the first '>' ends the tag.
  if (end.at == std::string_view::npos) end.at = window.find('>', name_end);
  if (end.at == std::string_view::npos) return std::nullopt;
  tag.empty = html[end.at - 1] == '/';
  tag.size = end.at + 1;
  return tag;
}

constexpr std::array<std::string_view, 7> kNoText = {"script",   "style", "title", "iframe",
                                                     "template", "svg",   "math"};

class Fence {
 public:
  explicit Fence(std::string_view html) : html_(html) { ends_.fill(true); }

  std::string run() {
    out_.reserve(html_.size() + 64);
    while (at_ < html_.size()) {
      const std::size_t mark = std::min(html_.find('<', at_), html_.size());
      text(html_.substr(at_, mark - at_));
      at_ = mark;
      if (at_ < html_.size()) markup();
    }
    return std::move(out_);
  }

 private:
  // The parser writes a report, which nobody reads, on every '&' that begins no reference.
  void text(std::string_view run) {
    while (true) {
      const std::size_t mark = run.find('&');
      out_.append(run.substr(0, mark));
      if (mark == std::string_view::npos) return;
      run.remove_prefix(mark + 1);
      const bool reference = !run.empty() && (is_letter(run[0]) || run[0] == '#');
      out_.append(reference ? "&" : "&amp;");
    }
  }

  void markup() {
    const std::string_view rest = html_.substr(at_);
    if (rest.starts_with("<!--")) return comment();
    if (rest.starts_with("<!") || rest.starts_with("<?")) {
      const std::size_t end = rest.substr(0, kLongestDeclaration).find('>');
      at_ += end == std::string_view::npos ? 2 : end + 1;
      return;
    }
    // Where the next '>' stands is asked once for all '<' before it, so that this stays linear.
    if (next_end_ < at_) next_end_ = html_.find('>', at_);
    const bool near = next_end_ != std::string_view::npos && next_end_ - at_ < kLongestTag;
    const std::optional<Tag> tag = near ? tag_at(rest) : std::nullopt;
    if (!tag) {
      out_.append("&lt;");
      ++at_;
      return;
    }
    if (leave_out(*tag)) return;
    if (tag->plain) {
      out_.append(rest.substr(0, tag->size));
    } else {
      out_.append(tag->closing ? "</" : "<").append(tag->name).append(">");
    }
    at_ += tag->size;
  }

  // "<!-->" is a whole comment.
  void comment() {
    const std::size_t end = comments_end_ ? html_.find("-->", at_ + 2) : std::string_view::npos;
    comments_end_ = end != std::string_view::npos;
    at_ = comments_end_ ? end + 3 : at_ + 4;
  }

  // An element whose content is no text, with its end tag. Where none follows, only the tag.
  bool leave_out(const Tag& tag) {
    const auto known = std::find_if(kNoText.begin(), kNoText.end(), [&tag](std::string_view name) {
      return base::same_ignoring_case(name, tag.name);
    });
    if (known == kNoText.end()) return false;
    at_ += tag.size;
    bool& ends = ends_[static_cast<std::size_t>(known - kNoText.begin())];
    if (tag.closing || tag.empty || !ends) return true;
    for (std::size_t at = at_; (at = html_.find("</", at)) != std::string_view::npos; at += 2) {
      if (!base::same_ignoring_case(html_.substr(at + 2, known->size()), *known)) continue;
      const std::size_t close = html_.find('>', at);
      at_ = close == std::string_view::npos ? html_.size() : close + 1;
      return true;
    }
    ends = false;
    return true;
  }

  std::string_view html_;
  std::size_t at_ = 0;
  std::string out_;
  std::size_t next_end_ = 0;
  bool comments_end_ = true;
  std::array<bool, kNoText.size()> ends_;
};

void undo_reference(std::string_view& text, std::string& out) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kKnown = {
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&nbsp;", ' '}}};
  for (const auto& [reference, character] : kKnown) {
    if (!text.starts_with(reference)) continue;
    out.push_back(character);
    return text.remove_prefix(reference.size());
  }
  out.push_back('&');
  text.remove_prefix(1);
}

}  // namespace

std::string fenced_html(std::string_view html) { return Fence(html).run(); }

std::string stripped_html(std::string_view html) {
  std::string out;
  while (!html.empty()) {
    const std::size_t mark = std::min(html.find_first_of("<&"), html.size());
    out.append(html.substr(0, mark));
    html.remove_prefix(mark);
    if (html.starts_with('&')) {
      undo_reference(html, out);
    } else if (!html.empty()) {
      const std::optional<Tag> tag = tag_at(html);
      const bool inside_line = !tag || element_named(base::lower(tag->name)) == Element::other;
      if (!inside_line && !out.empty() && out.back() != '\n') out.push_back('\n');
      html.remove_prefix(tag ? tag->size : 1);
    }
  }
  return out;
}

}  // namespace beredd::mail
