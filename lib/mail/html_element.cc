#include "html_element.h"

#include <algorithm>
#include <array>
#include <utility>

namespace beredd::mail {
namespace {

// In the order of the alphabet.
constexpr std::array<std::pair<std::string_view, Element>, 51> kElements = {{
    {"a", Element::link},           {"address", Element::line},
    {"article", Element::line},     {"aside", Element::line},
    {"blockquote", Element::quote}, {"body", Element::line},
    {"br", Element::line_break},    {"caption", Element::line},
    {"center", Element::line},      {"dd", Element::line},
    {"details", Element::line},     {"div", Element::line},
    {"dl", Element::line},          {"dt", Element::line},
    {"fieldset", Element::line},    {"figcaption", Element::line},
    {"figure", Element::line},      {"footer", Element::line},
    {"form", Element::line},        {"h1", Element::paragraph},
    {"h2", Element::paragraph},     {"h3", Element::paragraph},
    {"h4", Element::paragraph},     {"h5", Element::paragraph},
    {"h6", Element::paragraph},     {"header", Element::line},
    {"hr", Element::rule},          {"html", Element::line},
    {"img", Element::image},        {"legend", Element::line},
    {"li", Element::item},          {"listing", Element::preformatted},
    {"main", Element::line},        {"menu", Element::list},
    {"nav", Element::line},         {"ol", Element::list},
    {"option", Element::line},      {"p", Element::paragraph},
    {"pre", Element::preformatted}, {"section", Element::line},
    {"summary", Element::line},     {"table", Element::line},
    {"tbody", Element::line},       {"td", Element::cell},
    {"textarea", Element::line},    {"tfoot", Element::line},
    {"th", Element::cell},          {"thead", Element::line},
    {"tr", Element::line},          {"ul", Element::list},
    {"xmp", Element::preformatted},
}};
static_assert(std::is_sorted(kElements.begin(), kElements.end()));

}  // namespace

Element element_named(std::string_view name) {
  const auto* found =
      std::lower_bound(kElements.begin(), kElements.end(), name,
                       [](const auto& entry, std::string_view key) { return entry.first < key; });
  return found != kElements.end() && found->first == name ? found->second : Element::other;
}

}  // namespace beredd::mail
