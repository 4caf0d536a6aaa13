#include "html_element.h"

#include <array>
#include <utility>

namespace beredd::mail {
namespace {

constexpr std::array<std::pair<std::string_view, Element>, 51> kElements = {{
    {"p", Element::paragraph},      {"h1", Element::paragraph},
    {"h2", Element::paragraph},     {"h3", Element::paragraph},
    {"h4", Element::paragraph},     {"h5", Element::paragraph},
    {"h6", Element::paragraph},     {"table", Element::line},
    {"dl", Element::line},          {"div", Element::line},
    {"tr", Element::line},          {"caption", Element::line},
    {"dt", Element::line},          {"dd", Element::line},
    {"section", Element::line},     {"article", Element::line},
    {"header", Element::line},      {"footer", Element::line},
    {"nav", Element::line},         {"main", Element::line},
    {"aside", Element::line},       {"address", Element::line},
    {"center", Element::line},      {"form", Element::line},
    {"fieldset", Element::line},    {"body", Element::line},
    {"html", Element::line},        {"thead", Element::line},
    {"tbody", Element::line},       {"tfoot", Element::line},
    {"figure", Element::line},      {"figcaption", Element::line},
    {"legend", Element::line},      {"option", Element::line},
    {"textarea", Element::line},    {"details", Element::line},
    {"summary", Element::line},     {"ul", Element::list},
    {"ol", Element::list},          {"menu", Element::list},
    {"li", Element::item},          {"td", Element::cell},
    {"th", Element::cell},          {"br", Element::line_break},
    {"hr", Element::rule},          {"a", Element::link},
    {"img", Element::image},        {"blockquote", Element::quote},
    {"pre", Element::preformatted}, {"listing", Element::preformatted},
    {"xmp", Element::preformatted},
}};

}  // namespace

Element element_named(std::string_view name) {
  for (const auto& [known, element] : kElements) {
    if (known == name) return element;
  }
  return Element::other;
}

}  // namespace beredd::mail
