#include "html_text.h"

#include "html_entities.h"
#include "html_page.h"
#include "html_tag.h"

#include <algorithm>
#include <array>
#include <vector>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

constexpr std::size_t kMostOpenBlocks = 200;
constexpr std::size_t kLongestUrl = 2000;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }

// A set of octets to stop at, looked up in one step.
class Stops {
 public:
  constexpr explicit Stops(std::string_view octets) {
    for (const char c : octets) stops_[static_cast<unsigned char>(c)] = true;
  }
  std::size_t find(std::string_view text, std::size_t at) const {
    while (at < text.size() && !stops_[static_cast<unsigned char>(text[at])]) ++at;
    return at;
  }

 private:
  std::array<bool, 256> stops_{};
};

constexpr Stops kBlanks(" \t\r\n\f");
constexpr Stops kMarks("<&");

class Renderer {
 public:
  explicit Renderer(std::string_view html) : html_(html) {}

  std::string run() {
    while (at_ < html_.size()) {
      const std::size_t mark = kMarks.find(html_, at_);
      text(html_.substr(at_, mark - at_));
      at_ = mark;
      if (at_ == html_.size()) break;
      if (html_[at_] == '&') {
        reference();
      } else {
        markup();
      }
    }
    return page_.finish();
  }

 private:
  void text(std::string_view run) {
    if (preformatted_ > 0) return lines(run);
    for (std::size_t at = 0; at < run.size();) {
      const std::size_t end = kBlanks.find(run, at);
      if (end > at) page_.word(run.substr(at, end - at));
      at = end;
      if (at < run.size()) page_.blank();
      while (at < run.size() && is_blank(run[at])) ++at;
    }
  }

  void lines(std::string_view run) {
    while (!run.empty()) {
      const std::size_t end = run.find('\n');
      if (end != 0) page_.word(run.substr(0, end));
      if (end == std::string_view::npos) return;
      page_.line_break();
      run.remove_prefix(end + 1);
    }
  }

  void reference() {
    const Reference found = reference_at(html_.substr(at_));
    if (found.size == 0) {
      page_.word("&");
      ++at_;
      return;
    }
    at_ += found.size;
    std::string character;
    append_utf8(character, found.point);
    if (found.point == 0xA0) {
      page_.blank();
    } else if (found.point < 0x20) {
      if (is_blank(character[0])) page_.blank();
    } else {
      page_.word(character);
    }
  }

  void markup() {
    const std::string_view rest = html_.substr(at_);
    if (rest.starts_with("<!--")) return comment();
    if (rest.starts_with("<!") || rest.starts_with("<?")) {
      const std::size_t end = html_.substr(at_, kLongestUrl).find('>');
      at_ += end == std::string_view::npos ? 2 : end + 1;
      return;
    }
    // Where the next '>' stands is asked once for all '<' before it, so that this stays linear.
    if (next_end_ < at_) next_end_ = html_.find('>', at_);
    const bool near = next_end_ != std::string_view::npos && next_end_ - at_ < kLongestTag;
    const std::optional<Tag> tag = near ? tag_at(rest) : std::nullopt;
    if (!tag) {
      page_.word("<");
      ++at_;
      return;
    }
    at_ += tag->size;
    apply(*tag);
  }

  void comment() {
    const std::size_t end = comments_end_ ? html_.find("-->", at_ + 4) : std::string_view::npos;
    comments_end_ = end != std::string_view::npos;
    if (comments_end_) {
      at_ = end + 3;
      return;
    }
    const std::size_t close = html_.substr(at_, kLongestUrl).find('>');
    at_ += close == std::string_view::npos ? 4 : close + 1;
  }

  void apply(const Tag& tag) {
    switch (tag.element) {
      case Element::unknown:
      case Element::inline_text: return;
      case Element::line: return page_.line_end(0);
      case Element::paragraph: return page_.line_end(1);
      case Element::line_break: return page_.line_break();
      case Element::cell: return tag.closing ? page_.tab() : void();
      case Element::item: return item(tag);
      case Element::rule: return rule();
      case Element::link: return link(tag);
      case Element::quote: return quote(tag);
      case Element::preformatted: return preformatted(tag);
      case Element::raw: return raw(tag);
    }
  }

  void item(const Tag& tag) {
    page_.line_end(0);
    if (tag.closing) return;
    page_.word("*");
    page_.blank();
  }

  void rule() {
    page_.line_end(0);
    page_.word("----------");
    page_.line_end(0);
  }

  // An address that the text already shows is not repeated.
  void link(const Tag& tag) {
    if (!tag.closing) {
      href_ = tag.attribute("href").value_or("");
      link_begin_ = page_.size();
      return;
    }
    std::string url(base::trim(href_));
    href_.clear();
    const bool shows =
        url.starts_with("http://") || url.starts_with("https://") || url.starts_with("mailto:");
    if (!shows || url.size() > kLongestUrl || url.find_first_of(" \t\r\n<>") != std::string::npos)
      return;
    std::string_view bare = url;
    for (const std::string_view scheme : {"mailto:", "https://", "http://"}) {
      if (bare.starts_with(scheme)) bare.remove_prefix(scheme.size());
    }
    while (bare.ends_with('/')) bare.remove_suffix(1);
    const std::string_view said = page_.since(link_begin_);
    if (base::trim(said).empty()) return;
    if (said.size() <= kLongestUrl && said.find(bare) != std::string_view::npos) return;
    page_.blank();
    page_.word("<" + url + ">");
  }

  // Only what a mail client marks as cited is a quotation; others indent with the same element.
  void quote(const Tag& tag) {
    if (tag.closing) {
      const bool cited = !quotes_.empty() && quotes_.back();
      if (!quotes_.empty()) quotes_.pop_back();
      return cited ? page_.quote_out() : page_.line_end(0);
    }
    const std::string kind = tag.attribute("class").value_or("") +
                             tag.attribute("type").value_or("") +
                             (tag.attribute("cite") ? "cite" : "");
    const bool cited =
        kind.find("quote") != std::string::npos || kind.find("cite") != std::string::npos;
    if (quotes_.size() < kMostOpenBlocks) quotes_.push_back(cited);
    if (cited) {
      page_.quote_in();
    } else {
      page_.line_end(0);
    }
  }

  void preformatted(const Tag& tag) {
    page_.line_end(0);
    if (!tag.closing) {
      ++preformatted_;
    } else if (preformatted_ > 0) {
      --preformatted_;
    }
  }

  // Skips to the end tag. Where none follows, the element is taken for empty.
  void raw(const Tag& tag) {
    if (tag.closing || !raws_end_ || tag.attributes.ends_with('/')) return;
    std::size_t at = at_;
    while ((at = html_.find("</", at)) != std::string_view::npos) {
      if (base::same_ignoring_case(html_.substr(at + 2, tag.name.size()), tag.name)) {
        at_ = at;
        return;
      }
      at += 2;
    }
    raws_end_ = false;
  }

  std::string_view html_;
  std::size_t at_ = 0;
  Page page_;
  std::string href_;
  std::size_t link_begin_ = 0;
  std::vector<bool> quotes_;
  unsigned preformatted_ = 0;
  std::size_t next_end_ = 0;
  bool comments_end_ = true;
  bool raws_end_ = true;
};

}  // namespace

std::string html_to_text(std::string_view html) { return Renderer(html).run(); }

std::string_view html_charset(std::string_view html) {
  const std::string_view head = html.substr(0, 1024);
  const std::string lower = base::lower(head);
  const std::size_t meta = lower.find("<meta");
  std::size_t at = meta == std::string::npos ? meta : lower.find("charset=", meta);
  if (at == std::string::npos) return {};
  at += 8;
  while (at < head.size() && (head[at] == '"' || head[at] == '\'' || is_blank(head[at]))) ++at;
  const std::size_t end = head.find_first_of("\"'> ;/\r\n", at);
  return end == std::string_view::npos ? std::string_view() : head.substr(at, end - at);
}

}  // namespace beredd::mail
