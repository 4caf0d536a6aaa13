#include "beredd/mail/template.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

constexpr std::array<std::string_view, 7> kNames = {"ticket", "customer", "desk",  "subject",
                                                    "agent",  "phone",    "within"};

bool is_known(std::string_view name) {
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

// Two names that begin alike, or differ in their case alone.
std::optional<std::string_view> meant(std::string_view name) {
  const std::string lower = base::lower(base::trim(name));
  const auto* found = std::find_if(kNames.begin(), kNames.end(), [&](std::string_view known) {
    return known == lower || (lower.size() >= 3 && known.starts_with(lower.substr(0, 3)));
  });
  if (found == kNames.end()) return std::nullopt;
  return *found;
}

base::Error wrong(std::size_t line, std::string_view what) {
  return base::permanent(base::Code::invalid, fmt::format("line {}: {}", line, what));
}

base::Error unknown(std::size_t line, std::string_view name) {
  const auto other = meant(name);
  return wrong(line, other ? fmt::format("unknown value {{{}}}; did you mean {{{}}}?", name, *other)
                           : fmt::format("unknown value {{{}}}; known are: {}", name,
                                         fmt::join(kNames, ", ")));
}

}  // namespace

std::span<const std::string_view> template_names() { return kNames; }

base::Result<Template> Template::parse(std::string_view text) {
  Template made;
  for (const std::string_view line : base::split(text, '\n')) {
    std::vector<Piece>& pieces = made.lines_.emplace_back();
    const std::size_t number = made.lines_.size();
    std::string plain;
    for (std::size_t at = 0; at < line.size(); ++at) {
      const char c = line[at];
      const bool doubled = at + 1 < line.size() && line[at + 1] == c;
      if (c != '{' && c != '}') {
        plain += c;
      } else if (doubled) {
        plain += c;
        ++at;
      } else if (c == '}') {
        return wrong(number, "a } without its {; a brace itself is written }}");
      } else {
        const std::size_t end = line.find('}', at);
        if (end == std::string_view::npos) {
          return wrong(number, "a { without its }; a brace itself is written {{");
        }
        const std::string_view name = line.substr(at + 1, end - at - 1);
        if (!is_known(name)) return unknown(number, name);
        pieces.push_back({false, std::exchange(plain, {})});
        pieces.push_back({true, std::string(name)});
        at = end;
      }
    }
    pieces.push_back({false, std::move(plain)});
  }
  return made;
}

std::string Template::fill(const std::map<std::string, std::string, std::less<>>& values) const {
  std::string out;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    std::string line;
    bool has_place = false;
    for (const Piece& piece : lines_[i]) {
      has_place = has_place || piece.is_place;
      const auto value = piece.is_place ? values.find(piece.text) : values.end();
      if (!piece.is_place) line += piece.text;
      if (value != values.end()) line += value->second;
    }
    if (has_place && base::trim(line).empty()) continue;
    out += line;
    if (i + 1 < lines_.size()) out += '\n';
  }
  return out;
}

}  // namespace beredd::mail
