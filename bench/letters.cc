#include "letters.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

namespace beredd::bench {
namespace {

struct Language {
  std::string_view code, hello, reply, wrote;
  std::array<std::string_view, 6> subjects;
  std::array<std::string_view, 8> sentences;
};

constexpr std::array kLanguages = {
    Language{"sv",
             "Hej!",
             "SV: ",
             "skrev:",
             {"Inloggningen fungerar inte", "Fråga om min faktura", "Paketet har inte kommit",
              "Byta abonnemang", "Felaktig debitering", "Hjälp med lösenord"},
             {"Jag har försökt logga in sedan i morse men får bara ett felmeddelande.",
              "Fakturan för oktober verkar vara räknad två gånger, kan ni titta på det?",
              "Spårningen visar att paketet ligger kvar i Göteborg sedan fyra dagar.",
              "Kundnumret är det som står överst på avtalet.",
              "Jag har startat om både datorn och routern utan att det hjälpte.",
              "Kan ni ringa mig på förmiddagen, efter klockan tio?",
              "Tack på förhand för er hjälp, det är ganska bråttom.",
              "Bifogat ser ni hur det ser ut på skärmen."}},
    Language{"fi",
             "Hei!",
             "VS: ",
             "kirjoitti:",
             {"Kirjautuminen ei onnistu", "Kysymys laskusta", "Lähetys puuttuu", "Liittymän vaihto",
              "Virheellinen veloitus", "Salasana unohtui"},
             {"Olen yrittänyt kirjautua aamusta asti, mutta saan vain virheilmoituksen.",
              "Lokakuun lasku näyttää olevan laskettu kahteen kertaan, voitteko tarkistaa?",
              "Seurannan mukaan paketti on ollut Tampereella jo neljä päivää.",
              "Asiakasnumero on sopimuksen yläreunassa.",
              "Käynnistin uudelleen sekä koneen että reitittimen, siitä ei ollut apua.",
              "Voisitteko soittaa aamupäivällä kymmenen jälkeen?",
              "Kiitos jo etukäteen, asialla on kiire.", "Liitteestä näette, mitä ruudulla lukee."}},
    Language{"no",
             "Hei!",
             "Sv: ",
             "skrev:",
             {"Får ikke logget inn", "Spørsmål om faktura", "Pakken er ikke kommet",
              "Bytte abonnement", "Feil belastning", "Glemt passord"},
             {"Jeg har prøvd å logge inn siden i morges, men får bare en feilmelding.",
              "Fakturaen for oktober ser ut til å være regnet to ganger, kan dere se på det?",
              "Sporingen viser at pakken har ligget i Bergen i fire dager.",
              "Kundenummeret står øverst på avtalen.",
              "Jeg har startet både maskinen og ruteren på nytt uten at det hjalp.",
              "Kan dere ringe meg på formiddagen, etter klokken ti?",
              "Takk på forhånd, det haster litt.", "Vedlagt ser dere hvordan skjermen ser ut."}},
    Language{"en",
             "Hello,",
             "Re: ",
             "wrote:",
             {"I cannot log in", "Question about my invoice", "The parcel has not arrived",
              "Changing my subscription", "Charged twice", "Forgotten password"},
             {"I have tried to log in since this morning and only get an error message.",
              "The invoice for October seems to count one item twice, could you look into it?",
              "Tracking says that the parcel has been in Hull for four days.",
              "The customer number is at the top of the contract.",
              "I restarted both the computer and the router, to no effect.",
              "Could you call me before noon, after ten o'clock?",
              "Thank you in advance, it is rather urgent.",
              "The attached picture shows what is on the screen."}},
};

std::string message_id(std::uint64_t number, int turn) {
  return fmt::format("<{:x}.{}@mail.kund{}.example>", number * 2654435761u, turn, number % 997);
}

std::string references(std::uint64_t number, int turn) {
  std::string out;
  for (int earlier = std::max(0, turn - 8); earlier < turn; ++earlier) {
    out += "\r\n " + message_id(number, earlier);
  }
  return out;
}

}  // namespace

std::string customer(std::uint64_t number) {
  return fmt::format("kund{}@mail.kund{}.example", number, number % 997);
}

std::string letter(std::uint64_t number, int turn, std::string_view to, std::mt19937_64& dice) {
  const Language& language = kLanguages[number % kLanguages.size()];
  const std::string_view subject = language.subjects[number / 4 % language.subjects.size()];
  std::string out = fmt::format(
      "Received: from mail.kund{0}.example (mail.kund{0}.example [192.0.2.{1}])\r\n"
      "\tby mx.help.example with ESMTPS id {2:x}; Mon, 2 Nov 2026 09:12:44 +0100\r\n"
      "From: Kund {3} <{4}>\r\nTo: {8}\r\nSubject: {5}{6} ({3})\r\n"
      "Date: Mon, 2 Nov 2026 09:12:41 +0100\r\nMessage-ID: {7}\r\n",
      number % 997, number % 250, dice(), number, customer(number), turn > 0 ? language.reply : "",
      subject, message_id(number, turn), to);
  if (turn > 0) {
    out += "In-Reply-To: " + message_id(number, turn - 1) +
           "\r\nReferences:" + references(number, turn) + "\r\n";
  }
  out +=
      "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: 8bit\r\n\r\n";
  out += fmt::format("{}\r\n\r\n", language.hello);
  const std::size_t size = 2048 + dice() % 4096;
  while (out.size() < size / 2) {
    out += fmt::format("{}\r\n", language.sentences[dice() % language.sentences.size()]);
  }
  out += fmt::format("\r\n-- \r\nKund {}\r\n\r\n{} {}\r\n", number, to, language.wrote);
  while (out.size() < size) {
    out += fmt::format("> {}\r\n", language.sentences[dice() % language.sentences.size()]);
  }
  return out;
}

}  // namespace beredd::bench
