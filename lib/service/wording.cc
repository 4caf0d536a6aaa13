#include "beredd/service/wording.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "beredd/base/text.h"
#include "beredd/mail/compose.h"
#include "beredd/mail/template.h"
#include "beredd/service/desk_address.h"

namespace beredd::service {
namespace {

using mail::Language;

struct Unit {
  std::string_view one, many;
};

// One language's pieces; a piece that the desk says nothing for is left out.
struct Piecework {
  Language language;
  std::string_view opening, within, ways, closing;
  Unit minute, hour, day;
};

constexpr std::array kPieces = {
    Piecework{Language::english,
              "Hello!\n\n"
              "Thank you for your message. It has reached us.\n"
              "Your ticket number is {ticket}.\n",
              "It may take up to {within} until you have our answer.\n",
              "\nIf it is urgent, you can reach us here:\n{phone}\n",
              "\nYou need not send your message again. If you want to add something, simply reply "
              "to this mail.\n\nThis is an automatic reply.\n{desk}\n",
              {"minute", "minutes"},
              {"hour", "hours"},
              {"day", "days"}},
    Piecework{Language::swedish,
              "Hej!\n\n"
              "Tack för ditt meddelande. Det har kommit fram till oss.\n"
              "Ditt ärendenummer är {ticket}.\n",
              "Det kan dröja upp till {within} innan du får svar.\n",
              "\nÄr det bråttom når du oss här:\n{phone}\n",
              "\nDu behöver inte skicka meddelandet en gång till. Vill du lägga till något är det "
              "bara att svara på det här mejlet.\n\nDet här är ett automatiskt svar.\n{desk}\n",
              {"minut", "minuter"},
              {"timme", "timmar"},
              {"dag", "dagar"}},
    Piecework{
        Language::norwegian,
        "Hei!\n\n"
        "Takk for meldingen din. Den har kommet frem til oss.\n"
        "Saksnummeret ditt er {ticket}.\n",
        "Det kan ta inntil {within} før du får svar.\n",
        "\nHaster det, når du oss her:\n{phone}\n",
        "\nDu trenger ikke å sende meldingen en gang til. Vil du legge til noe, er det bare å "
        "svare på denne e-posten.\n\nDette er et automatisk svar.\n{desk}\n",
        {"minutt", "minutter"},
        {"time", "timer"},
        {"dag", "dager"}},
    // The partitive, as it stands behind "enintään" and a number.
    Piecework{Language::finnish,
              "Hei!\n\n"
              "Kiitos viestistäsi. Se on saapunut meille.\n"
              "Palvelupyyntösi numero on {ticket}.\n",
              "Vastaamiseen voi kulua enintään {within}.\n",
              "\nKiireellisissä asioissa tavoitat meidät täältä:\n{phone}\n",
              "\nViestiä ei tarvitse lähettää uudelleen. Jos haluat lisätä jotain, vastaa tähän "
              "viestiin.\n\nTämä on automaattinen vastaus.\n{desk}\n",
              {"minuutti", "minuuttia"},
              {"tunti", "tuntia"},
              {"päivä", "päivää"}},
};

const Piecework& pieces_in(Language language) {
  return *std::find_if(kPieces.begin(), kPieces.end(),
                       [&](const Piecework& one) { return one.language == language; });
}

std::string built_in(const config::Desk& desk, Language language) {
  const Piecework& pieces = pieces_in(language);
  std::string text(pieces.opening);
  if (desk.notice->within.count() > 0) text += pieces.within;
  if (!desk.phones.empty()) text += pieces.ways;
  return text += pieces.closing;
}

std::string counted(std::int64_t count, const Unit& unit) {
  return fmt::format("{} {}", count, count == 1 ? unit.one : unit.many);
}

}  // namespace

std::string spoken(base::Duration time, Language language) {
  using std::chrono::days, std::chrono::hours, std::chrono::minutes;
  const Piecework& pieces = pieces_in(language);
  if (time >= days(2) && time % days(1) == base::Duration()) {
    return counted(time / days(1), pieces.day);
  }
  if (time >= hours(1) && time % hours(1) == base::Duration()) {
    return counted(time / hours(1), pieces.hour);
  }
  return counted(std::max<std::int64_t>(1, time / minutes(1)), pieces.minute);
}

Values values_of(const config::Desk& desk, const ticket::Ticket& ticket, Language language,
                 std::string_view agent) {
  const mail::Address& who = ticket.requester;
  const auto sender = sender_of(desk);
  Values values;
  values["ticket"] = base::to_string(ticket.id);
  values["customer"] = mail::header_line(who.name.empty() ? who.address : who.name);
  values["desk"] = sender && !sender->name.empty() ? sender->name : desk.name;
  values["subject"] = mail::header_line(ticket.subject);
  values["agent"] = agent;
  values["phone"] = fmt::format("{}", fmt::join(desk.phones, "\n"));
  if (desk.notice && desk.notice->within.count() > 0) {
    values["within"] = spoken(desk.notice->within, language);
  }
  return values;
}

std::string notice_text(const config::Desk& desk, const ticket::Ticket& ticket, Language language) {
  const auto& own = desk.notice->texts;
  const auto found = std::find_if(own.begin(), own.end(),
                                  [&](const auto& text) { return text.language == language; });
  const std::string text = found != own.end() ? found->text : built_in(desk, language);
  const auto parsed = mail::Template::parse(text);
  // Checked when the configuration was read.
  return parsed ? parsed->fill(values_of(desk, ticket, language, {})) : text;
}

std::string filled(const config::Template& from, const config::Desk& desk,
                   const ticket::Ticket& ticket, std::string_view agent) {
  const auto parsed = mail::Template::parse(from.text);
  return parsed ? parsed->fill(values_of(desk, ticket, from.language, agent)) : from.text;
}

std::string notice_subject(std::string_view subject) {
  constexpr std::size_t kMost = 150;  // what is long is for the reader, not for us
  std::string line = mail::header_line(subject);
  if (line.size() > kMost) {
    line.resize(std::min(kMost, line.find_last_of(' ', kMost)));
    while (!base::is_utf8(line)) line.pop_back();
    line += " …";
  }
  return line.empty() ? std::string("Auto: Re:") : "Auto: " + line;
}

const config::Template* template_for(const config::Config& config, std::string_view name,
                                     std::string_view desk, const std::vector<Language>& wanted) {
  const config::Template* best = nullptr;
  std::pair<std::ptrdiff_t, bool> rank;
  for (const config::Template& one : config.templates) {
    const bool own = std::find(one.desks.begin(), one.desks.end(), desk) != one.desks.end();
    if (one.name != name || (!own && !one.desks.empty() && !desk.empty())) continue;
    const auto place = std::find(wanted.begin(), wanted.end(), one.language) - wanted.begin();
    const std::pair<std::ptrdiff_t, bool> its(place, !own);
    if (best != nullptr && rank <= its) continue;
    best = &one;
    rank = its;
  }
  return best;
}

}  // namespace beredd::service
