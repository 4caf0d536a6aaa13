// Any UTF-8 is a page: its text is text, and what the fence lets through is no longer than it was,
// but for the characters that it had to spell out.

#include "html_source.h"
#include "html_text.h"
#include "require.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using beredd::fuzz::require;
  std::string html = beredd::base::to_utf8({reinterpret_cast<const char*>(data), size});
  std::erase_if(html, [](char c) { return c == '\0' || c == '\r'; });
  const std::string fenced = beredd::mail::fenced_html(html);
  const auto marks = static_cast<std::size_t>(
      std::count_if(html.begin(), html.end(), [](char c) { return c == '<' || c == '&'; }));
  require(fenced.size() <= html.size() + 4 * marks, "the fence adds only what it spells out");
  beredd::mail::Defects defects;
  const std::string text = beredd::mail::html_to_text(html, defects);
  beredd::fuzz::require_text(text);
  require(text.find('\r') == std::string::npos, "lines end in LF");
  beredd::fuzz::require_text(beredd::mail::stripped_html(fenced));
  beredd::mail::html_charset(html);
  beredd::mail::Defects again;
  require(beredd::mail::html_to_text(html, again) == text, "reading twice says the same");
  return 0;
}
