#include "attribution.h"

#include <algorithm>
#include <array>
#include <string>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

// How a line opens, lower case, and what it ends in; where that has no colon, the verb stands
// before a name or a date: "Den 23 nov. skrev Anna:".
struct Attribution {
  std::string_view opens;
  std::string_view closes;
};
constexpr std::array<Attribution, 43> kAttributions = {{
    // English
    {"on ", "wrote:"},
    {"", " wrote:"},
    {"", " writes:"},
    {"on ", " said:"},
    {"at ", "wrote:"},
    {"", " wrote on "},
    // Swedish, Norwegian, Danish
    {"den ", "skrev"},
    {"", "skrev:"},
    {"", " skrev "},
    {"på ", "skrev"},
    {"kl. ", "skrev"},
    {"", "skreiv"},
    {"", "skrev følgende:"},
    // Finnish
    {"", "kirjoitti:"},
    {"", " kirjoitti "},
    {"", "kirjoitti seuraavasti:"},
    // German
    {"am ", "schrieb"},
    {"", "schrieb:"},
    {"", " schrieb "},
    {"", "folgendes geschrieben:"},
    // French
    {"le ", "écrit :"},
    {"le ", "écrit\xC2\xA0:"},
    {"le ", "écrit\xE2\x80\xAF:"},
    {"le ", "écrit:"},
    {"", " a écrit :"},
    {"", " a écrit\xC2\xA0:"},
    {"", " a écrit:"},
    {"", " a écrit "},
    {"le ", "écrivait :"},
    // Dutch
    {"op ", "schreef"},
    {"", " schreef "},
    {"", "schreef:"},
    {"", "het volgende geschreven:"},
    // Spanish, Portuguese, Italian, Polish, Russian, Bulgarian
    {"el ", "escribió:"},
    {"", " escribió:"},
    {"", " escribió "},
    {"em ", "escreveu:"},
    {"", "escreveu:"},
    {"il ", "scritto:"},
    {"w dniu ", "napisał"},
    {"dnia ", "napisał"},
    {"", "пишет:"},
    {"", "написа"},
}};

bool closes_like(std::string_view line, std::string_view closing) {
  if (closing.ends_with(':')) return line.ends_with(closing);
  return line.ends_with(':') && line.find(closing) != std::string_view::npos;
}

// A date, a time or an address.
bool tells_when_or_who(std::string_view line) {
  return line.find_first_of("@<0123456789") != std::string_view::npos;
}

void skip_blanks(std::string_view& text) {
  while (true) {
    if (text.starts_with(' ') || text.starts_with('*')) {
      text.remove_prefix(1);
    } else if (text.starts_with("\xC2\xA0")) {
      text.remove_prefix(2);
    } else if (text.starts_with("\xE2\x80\xAF")) {  // the narrow one that French puts before colons
      text.remove_prefix(3);
    } else {
      return;
    }
  }
}

// One of `labels`, perhaps bold as "*From:*", and a colon.
template <std::size_t N>
bool opens_with(std::string_view line, const std::array<std::string_view, N>& labels) {
  line = base::trim(line);
  skip_blanks(line);
  return std::any_of(labels.begin(), labels.end(), [line](std::string_view label) {
    if (line.size() <= label.size()) return false;
    std::string_view rest = line.substr(label.size());
    skip_blanks(rest);
    return base::same_ignoring_case(line.substr(0, label.size()), label) && rest.starts_with(':');
  });
}

constexpr std::array<std::string_view, 8> kFrom = {"From", "Från", "Fra", "Lähettäjä",
                                                   "Von",  "De",   "Van", "Frå"};
constexpr std::array<std::string_view, 21> kSent = {
    "Sent",    "Date",       "Skickat",    "Datum",    "Sendt",     "Dato",         "Lähetetty",
    "Päivä",   "Päiväys",    "Päivämäärä", "Gesendet", "Envoyé",    "Date d'envoi", "Envoyée",
    "Enviado", "Enviado el", "Enviada el", "Fecha",    "Verzonden", "Verstuurd",    "Sendt dato"};

}  // namespace

bool is_attribution(std::string_view line) {
  line = base::trim(line);
  if (line.size() > kLongestAttribution || !line.ends_with(':')) return false;
  const std::string lower = base::lower(line);
  return tells_when_or_who(line) &&
         std::any_of(kAttributions.begin(), kAttributions.end(), [&lower](const Attribution& a) {
           return lower.starts_with(a.opens) && closes_like(lower, a.closes);
         });
}

bool opens_attribution(std::string_view line) {
  constexpr std::array<std::string_view, 7> kOpens = {"on ", "den ", "på ", "am ",
                                                      "le ", "op ",  "el "};
  const std::string lower = base::lower(base::trim(line));
  return lower.size() < 100 && !lower.ends_with('.') && tells_when_or_who(lower) &&
         std::any_of(kOpens.begin(), kOpens.end(),
                     [&lower](std::string_view open) { return lower.starts_with(open); });
}

bool is_separator(std::string_view line) {
  constexpr std::array<std::string_view, 23> kTitles = {
      "original message",           "forwarded message",       "ursprungligt meddelande",
      "vidarebefordrat meddelande", "originalmeddelande",      "opprinnelig melding",
      "videresendt melding",        "oprindelig meddelelse",   "original meddelelse",
      "videresendt meddelelse",     "alkuperäinen viesti",     "välitetty viesti",
      "edelleenlähetetty viesti",   "ursprüngliche nachricht", "originalnachricht",
      "weitergeleitete nachricht",  "message d'origine",       "message d’origine",
      "message transféré",          "oorspronkelijk bericht",  "doorgestuurd bericht",
      "mensaje original",           "mensaje reenviado"};
  constexpr std::array<std::string_view, 9> kApple = {
      "begin forwarded message:",     "vidarebefordrat brev:",
      "videresendt melding:",         "start på videresendt besked:",
      "välitetty viesti alkaa:",      "anfang der weitergeleiteten nachricht:",
      "début du message réexpédié :", "begin doorgestuurd bericht:",
      "inicio del mensaje reenviado:"};
  line = base::trim(line);
  // Asked of every line, so what rules most of them out stands first.
  const bool announces = line.ends_with(':');
  if (line.size() > 100 || (!announces && !line.starts_with("--"))) return false;
  std::string title = base::lower(line);
  if (announces) return std::find(kApple.begin(), kApple.end(), title) != kApple.end();
  std::erase(title, '-');
  title = base::trim(title);
  // ASCII folding leaves Ä and Ü as they are; both are written small in the middle of a word.
  return std::find(kTitles.begin(), kTitles.end(), title) != kTitles.end();
}

bool is_outlook_block(const std::vector<std::string_view>& lines, std::size_t at) {
  // Asked of every line: the first letter rules most of them out.
  constexpr std::string_view kInitials = "FfLlVvDd* \t";
  if (lines[at].empty() || kInitials.find(lines[at][0]) == std::string_view::npos) return false;
  if (!opens_with(lines[at], kFrom)) return false;
  for (std::size_t i = at + 1; i < std::min(at + 4, lines.size()); ++i) {
    if (opens_with(lines[i], kSent)) return true;
  }
  return false;
}

bool is_device_signature(std::string_view line) {
  constexpr std::array<std::string_view, 13> kOpens = {
      "sent from my ",    "sent from mail for ", "get outlook for ", "skickat från min ",
      "skickades från ",  "hämta outlook för ",  "sendt fra min ",   "sendt fra mi ",
      "lähetetty iphone", "von meinem ",         "envoyé de mon ",   "verzonden vanaf mijn ",
      "enviado desde mi "};
  const std::string lower = base::lower(base::trim(line));
  return lower.size() < 80 &&
         std::any_of(kOpens.begin(), kOpens.end(),
                     [&lower](std::string_view open) { return lower.starts_with(open); });
}

}  // namespace beredd::mail
