#include "quotation.h"

#include "attribution.h"
#include "plain_text.h"

#include <algorithm>
#include <vector>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool is_blank(std::string_view line) { return is_blank_text(line); }

bool is_rule(std::string_view line) {
  line = base::trim(line);
  return line.size() >= 10 && line.find_first_not_of("_-") == std::string_view::npos;
}

// Where the quotation that `at` opens begins: with the rule or the blank lines above it.
std::size_t with_rule_above(const Lines& lines, std::size_t at) {
  while (at > 0 && (is_blank(lines[at - 1]) || is_rule(lines[at - 1]))) --at;
  return at;
}

// Everything behind these belongs to the mail before.
std::size_t end_before_block(const Lines& lines) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (is_separator(lines[i]) || is_outlook_block(lines, i)) return with_rule_above(lines, i);
  }
  return lines.size();
}

std::size_t end_before_signature(const Lines& lines, std::size_t end) {
  for (std::size_t i = end; i-- > 0;) {
    if (lines[i] == "-- ") return i;
  }
  return end;
}

std::size_t skip_blank_up(const Lines& lines, std::size_t end) {
  while (end > 0 && is_blank(lines[end - 1])) --end;
  return end;
}

// An announcement may be broken over up to three lines.
std::size_t attribution_begin(const Lines& lines, std::size_t end) {
  std::string joined;
  for (std::size_t count = 1; count <= 3 && count <= end; ++count) {
    const std::string_view line = base::trim(lines[end - count]);
    if (line.empty() || line.starts_with('>') || line.size() > kLongestAttribution) break;
    if (!joined.empty()) joined.insert(0, " ");
    joined.insert(0, line);
    if (is_attribution(joined)) {
      // "On Monday," may stand on a line of its own above "Bob <bob@example.org> wrote:".
      const std::size_t begin = end - count;
      if (begin > 0 && count < 3 && opens_attribution(lines[begin - 1])) return begin - 1;
      return begin;
    }
  }
  return end;
}

std::size_t end_before_quoted_lines(const Lines& lines, std::size_t end) {
  const std::size_t bottom = skip_blank_up(lines, end);
  std::size_t at = bottom;
  while (at > 0 && (lines[at - 1].starts_with('>') || is_blank(lines[at - 1]))) --at;
  at = std::min(at, bottom);
  while (at < bottom && is_blank(lines[at])) ++at;
  if (at == bottom) return end;
  const std::size_t above = skip_blank_up(lines, at);
  const std::size_t begin = attribution_begin(lines, above);
  return begin < above ? begin : at;
}

std::size_t end_before_device(const Lines& lines, std::size_t end) {
  const std::size_t bottom = skip_blank_up(lines, end);
  if (bottom < 2 || !is_device_signature(lines[bottom - 1])) return end;
  return skip_blank_up(lines, bottom - 1);
}

bool is_quoted(std::string_view line) { return line.starts_with('>'); }

// Behind the quoted lines that begin at `at`, and the blank ones between and below them.
std::size_t quoted_end(const Lines& lines, std::size_t at, std::size_t end) {
  while (at < end && (is_quoted(lines[at]) || is_blank(lines[at]))) ++at;
  return at;
}

// The lines above `end` without quotations that answers stand below or between. Without an
// announcement above the first, ">" may as well be what the sender wrote: then all of it stays.
Lines without_announced(const Lines& lines, std::size_t end) {
  Lines kept;
  bool announced = false;
  for (std::size_t at = 0; at < end;) {
    if (!is_quoted(lines[at])) {
      kept.push_back(lines[at++]);
      continue;
    }
    const std::size_t above = skip_blank_up(kept, kept.size());
    const std::size_t begin = attribution_begin(kept, above);
    announced = announced || begin < above;
    if (!announced) return {lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(end)};
    kept.resize(skip_blank_up(kept, begin));
    if (!kept.empty()) kept.push_back({});
    at = quoted_end(lines, at, end);
  }
  if (announced) kept.resize(skip_blank_up(kept, kept.size()));
  return kept;
}

std::string join(const Lines& lines) {
  std::string out;
  for (const std::string_view line : lines) out.append(line).push_back('\n');
  return out;
}

}  // namespace

std::string without_quotation(std::string_view text) {
  const Lines lines = lines_of(text);
  std::size_t end = end_before_block(lines);
  // The signature may stand below the quotation or above it.
  end = end_before_quoted_lines(lines, end);
  const std::size_t signature = end_before_signature(lines, end);
  if (signature < end) end = end_before_quoted_lines(lines, signature);
  end = end_before_device(lines, end);
  const std::size_t whole = lines.size();
  const Lines kept = without_announced(lines, end == whole ? end : skip_blank_up(lines, end));
  if (kept.size() == whole || skip_blank_up(kept, kept.size()) == 0) return std::string(text);
  return join(kept);
}

}  // namespace beredd::mail
