#include "quotation.h"

#include "plain_text.h"

#include <algorithm>
#include <array>
#include <vector>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t kLongestAttribution = 300;

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

// How clients announce a quotation: a first word and, at the end of the line, a last one.
struct Attribution {
  std::string_view opens;
  std::string_view closes;
};
constexpr std::array<Attribution, 25> kAttributions = {{
    {"on ", "wrote:"},   {"", "wrote:"},         {"den ", "skrev"},    {"", "skrev:"},
    {"", " skrev "},     {"på ", "skrev"},       {"kl. ", "skrev"},    {"", "kirjoitti:"},
    {"am ", "schrieb"},  {"", "schrieb:"},       {"le ", "écrit :"},   {"le ", "écrit\xC2\xA0:"},
    {"le ", "écrit:"},   {"op ", "schreef"},     {"el ", "escribió:"}, {"em ", "escreveu:"},
    {"il ", "scritto:"}, {"w dniu ", "napisał"}, {"dnia ", "napisał"}, {"в ", "написал"},
    {"на ", "написа:"},  {"", "a écrit :"},      {"", "escreveu:"},    {"", "escribió:"},
    {"", "пишет:"},
}};

bool closes_like(std::string_view line, std::string_view closing) {
  if (closing.ends_with(':')) return line.ends_with(closing);
  // "skrev Anna Berg <anna@example.org>:": the verb stands before the name.
  return line.ends_with(':') && line.find(closing) != std::string_view::npos;
}

// A date, a time or an address: what separates an announcement from a sentence that ends in
// "wrote:".
bool tells_when_or_who(std::string_view line) {
  return line.find('@') != std::string_view::npos ||
         line.find_first_of("0123456789") != std::string_view::npos ||
         line.find('<') != std::string_view::npos;
}

bool is_attribution(std::string_view line) {
  line = base::trim(line);
  if (line.size() > kLongestAttribution || !line.ends_with(':')) return false;
  const std::string lower = base::lower(line);
  return tells_when_or_who(line) &&
         std::any_of(kAttributions.begin(), kAttributions.end(), [&lower](const Attribution& a) {
           return lower.starts_with(a.opens) && closes_like(lower, a.closes);
         });
}

// "-----Original Message-----" and what it is called elsewhere.
bool is_separator(std::string_view line) {
  constexpr std::array<std::string_view, 14> kTitles = {
      "original message",          "ursprungligt meddelande", "alkuperäinen viesti",
      "opprinnelig melding",       "oprindelig meddelelse",   "original meddelelse",
      "ursprüngliche nachricht",   "originalnachricht",       "message d'origine",
      "oorspronkelijk bericht",    "forwarded message",       "vidarebefordrat meddelande",
      "weitergeleitete nachricht", "mensaje original"};
  line = base::trim(line);
  if (!line.starts_with("--") || line.size() > 100) return false;
  std::string title(line);
  std::erase(title, '-');
  title = base::lower(base::trim(title));
  // ASCII folding leaves Ä and Ü as they are; both are written small in the middle of a word.
  return std::find(kTitles.begin(), kTitles.end(), title) != kTitles.end();
}

// The header block that Outlook puts above a quotation: a From line, then a Sent or a Date line.
bool opens_with(std::string_view line, const std::vector<std::string_view>& labels) {
  line = base::trim(line);
  while (line.starts_with('*')) line.remove_prefix(1);
  return std::any_of(labels.begin(), labels.end(), [line](std::string_view label) {
    if (line.size() <= label.size()) return false;
    std::string_view rest = line.substr(label.size());
    while (rest.starts_with('*') || rest.starts_with(' ')) rest.remove_prefix(1);
    return base::same_ignoring_case(line.substr(0, label.size()), label) && rest.starts_with(':');
  });
}

bool is_outlook_block(const Lines& lines, std::size_t at) {
  static const std::vector<std::string_view> kFrom = {"From", "Från", "Fra", "Lähettäjä",
                                                      "Von",  "De",   "Van"};
  static const std::vector<std::string_view> kSent = {
      "Sent",  "Date",    "Skickat",  "Datum",  "Sendt",   "Dato",     "Lähetetty",
      "Päivä", "Päiväys", "Gesendet", "Envoyé", "Enviado", "Verzonden"};
  // Asked of every line: the first letter rules most of them out.
  constexpr std::string_view kInitials = "FfLlVvDd* \t";
  if (lines[at].empty() || kInitials.find(lines[at][0]) == std::string_view::npos) return false;
  if (!opens_with(lines[at], kFrom)) return false;
  for (std::size_t i = at + 1; i < std::min(at + 4, lines.size()); ++i) {
    if (opens_with(lines[i], kSent)) return true;
  }
  return false;
}

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
      if (begin > 0 && count < 3) {
        const std::string above = base::lower(base::trim(lines[begin - 1]));
        const bool opens =
            above.starts_with("on ") || above.starts_with("den ") || above.starts_with("am ");
        if (opens && above.size() < 100 && !above.ends_with('.')) return begin - 1;
      }
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

std::string join(const Lines& lines, std::size_t end) {
  std::string out;
  for (std::size_t i = 0; i < end; ++i) out.append(lines[i]).push_back('\n');
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
  const bool all = end == lines.size();
  const std::size_t kept = skip_blank_up(lines, end);
  if (all || kept == 0) return std::string(text);
  return join(lines, kept);
}

}  // namespace beredd::mail
