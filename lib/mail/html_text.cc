#include "html_text.h"

#include "html_element.h"
#include "html_page.h"
#include "html_source.h"

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

constexpr std::size_t kLongestUrl = 2000;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view()
                         : std::string_view(reinterpret_cast<const char*>(text));
}

// What the parser hands over with an element's start.
class Attributes {
 public:
  explicit Attributes(const xmlChar** list) : list_(list) {}
  std::string_view value(std::string_view name) const {
    const xmlChar** found = find(name);
    return found == nullptr ? std::string_view() : view(found[1]);
  }
  bool has(std::string_view name) const { return find(name) != nullptr; }

 private:
  const xmlChar** find(std::string_view name) const {
    for (const xmlChar** at = list_; at != nullptr && at[0] != nullptr; at += 2) {
      if (view(at[0]) == name) return at;
    }
    return nullptr;
  }
  const xmlChar** list_;
};

// "&#150;" names a C1 control and means what windows-1252 has there (as the HTML standard says).
constexpr std::array<std::string_view, 32> kMeantByC1 = {
    "€", "",  "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "", "Ž", "",
    "",  "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", "", "ž", "Ÿ"};

// Writes the page as the parser's events come.
class Renderer {
 public:
  void text(std::string_view run) {
    if (preformatted_ > 0) return lines(run);
    for (std::size_t at = 0; at < run.size();) {
      const std::size_t end = word_end(run, at);
      if (end > at) page_.word(run.substr(at, end - at));
      at = end;
      if (at < run.size()) at = between(run, at);
    }
  }

  void start(std::string_view name, const Attributes& attributes) {
    ++depth_;
    switch (element_named(name)) {
      case Element::other:
      case Element::cell: return;
      case Element::line: return page_.line_end(0);
      case Element::paragraph: return page_.line_end(1);
      case Element::line_break: return page_.line_break();
      case Element::list: return list(name);
      case Element::item: return item();
      case Element::rule: return rule();
      case Element::link: return link(attributes);
      case Element::image: return image(attributes);
      case Element::quote: return quote(attributes);
      case Element::preformatted:
        page_.line_end(0);
        ++preformatted_;
        return;
    }
  }

  void end(std::string_view name) {
    if (depth_ > 0) --depth_;
    switch (element_named(name)) {
      case Element::other:
      case Element::image:
      case Element::line_break:
      case Element::rule: return;
      case Element::line:
      case Element::item: return page_.line_end(0);
      case Element::paragraph: return page_.line_end(1);
      case Element::cell: return page_.tab();
      case Element::list: return list_end();
      case Element::link: return link_end();
      case Element::quote: return quote_end();
      case Element::preformatted:
        page_.line_end(0);
        if (preformatted_ > 0) --preformatted_;
        return;
    }
  }

  unsigned depth() const { return depth_; }
  std::string finish() { return page_.finish(); }

 private:
  // A word goes on to a blank, a no-break space, or a C1 control.
  static std::size_t word_end(std::string_view run, std::size_t at) {
    while (at < run.size() && !is_blank(run[at])) {
      if (run[at] == '\xC2' && at + 1 < run.size() &&
          static_cast<unsigned char>(run[at + 1]) <= 0xA0) {
        break;
      }
      ++at;
    }
    return at;
  }

  std::size_t between(std::string_view run, std::size_t at) {
    if (is_blank(run[at])) {
      page_.blank();
      return at + 1;
    }
    const auto control = static_cast<unsigned char>(run[at + 1]);
    if (control == 0xA0) {
      page_.blank();
    } else {
      const std::string_view meant = kMeantByC1[control - 0x80U];
      if (!meant.empty()) page_.word(meant);
    }
    return at + 2;
  }

  // A CR, which only &#13; can bring here, is nothing.
  void lines(std::string_view run) {
    while (!run.empty()) {
      const std::size_t end = run.find_first_of("\n\r");
      if (end != 0) page_.word(run.substr(0, end));
      if (end == std::string_view::npos) return;
      if (run[end] == '\n') page_.line_break();
      run.remove_prefix(end + 1);
    }
  }

  void list(std::string_view name) {
    page_.line_end(0);
    lists_.push_back(name == "ol" ? 1 : 0);
  }
  void list_end() {
    page_.line_end(0);
    if (!lists_.empty()) lists_.pop_back();
  }
  void item() {
    page_.line_end(0);
    std::string mark(lists_.size() > 1 ? 2 * (lists_.size() - 1) : 0, ' ');
    const bool numbered = !lists_.empty() && lists_.back() > 0;
    mark += numbered ? std::to_string(lists_.back()++) + "." : "*";
    page_.word(mark);
    page_.blank();
  }

  void rule() {
    page_.line_end(0);
    page_.word("----------");
    page_.line_end(0);
  }

  void link(const Attributes& attributes) {
    href_ = base::trim(attributes.value("href"));
    link_begin_ = page_.size();
  }
  // An address that the text already shows is not repeated.
  void link_end() {
    const std::string url = std::exchange(href_, {});
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

  // A picture that leads somewhere is read by its other text.
  void image(const Attributes& attributes) {
    const std::string_view said = base::trim(attributes.value("alt"));
    if (!href_.empty() && !said.empty() && said.size() < kLongestUrl) text(said);
  }

  // Only what a mail client marks as cited is a quotation; others indent with the same element.
  void quote(const Attributes& attributes) {
    const std::string kind = std::string(attributes.value("class")) +
                             std::string(attributes.value("type")) +
                             (attributes.has("cite") ? "cite" : "");
    const bool cited =
        kind.find("quote") != std::string::npos || kind.find("cite") != std::string::npos;
    quotes_.push_back(cited);
    cited ? page_.quote_in() : page_.line_end(0);
  }
  void quote_end() {
    const bool cited = !quotes_.empty() && quotes_.back();
    if (!quotes_.empty()) quotes_.pop_back();
    cited ? page_.quote_out() : page_.line_end(0);
  }

  Page page_;
  unsigned depth_ = 0;
  std::string href_;
  std::size_t link_begin_ = 0;
  std::vector<unsigned> lists_;  // 0: not numbered; else the next number
  std::vector<bool> quotes_;
  unsigned preformatted_ = 0;
};

// libxml2's HTML parser, with a Renderer as its only listener: no tree, no network, no files, no
// charset but UTF-8. What allocation throws inside of a listener ends the process: nothing may be
// thrown through C.
class Parser {
 public:
  bool run(std::string_view html) {
    context_.reset(htmlCreateMemoryParserCtxt(html.data(), static_cast<int>(html.size())));
    if (!context_) return false;
    htmlCtxtUseOptions(context_.get(), HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
                                           HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                           HTML_PARSE_IGNORE_ENC | HTML_PARSE_NOIMPLIED |
                                           HTML_PARSE_NODEFDTD);
    xmlSwitchEncoding(context_.get(), XML_CHAR_ENCODING_UTF8);
    *context_->sax = {};
    context_->sax->startElement = &on_start;
    context_->sax->endElement = &on_end;
    context_->sax->characters = &on_text;
    context_->sax->ignorableWhitespace = &on_text;
    context_->sax->cdataBlock = &on_text;
    context_->userData = this;
    htmlParseDocument(context_.get());
    return !stopped_;
  }
  std::string text() { return page_.finish(); }

 private:
  struct Free {
    void operator()(htmlParserCtxtPtr context) const { htmlFreeParserCtxt(context); }
  };

  static void on_start(void* self, const xmlChar* name, const xmlChar** attributes) noexcept {
    static_cast<Parser*>(self)->start(name, attributes);
  }
  static void on_end(void* self, const xmlChar* name) noexcept {
    static_cast<Parser*>(self)->page_.end(view(name));
  }
  static void on_text(void* self, const xmlChar* text, int size) noexcept {
    static_cast<Parser*>(self)->page_.text(
        {reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)});
  }
  void start(const xmlChar* name, const xmlChar** attributes) {
    page_.start(view(name), Attributes(attributes));
    if (page_.depth() <= kDeepestHtml) return;
    stopped_ = true;
    xmlStopParser(context_.get());
  }

  std::unique_ptr<htmlParserCtxt, Free> context_;
  Renderer page_;
  bool stopped_ = false;
};

}  // namespace

std::string html_to_text(std::string_view html, Defects& defects) {
  // Text outside of a body gets paragraphs that the page does not have.
  const std::string fenced = "<body>" + fenced_html(html);
  if (fenced.size() > kLargestHtml) {
    defects.add("HTML over 8 MiB");
    return stripped_html(fenced);
  }
  Parser parser;
  if (parser.run(fenced)) return parser.text();
  defects.add("HTML nested more than 250 deep");
  return stripped_html(fenced);
}

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
