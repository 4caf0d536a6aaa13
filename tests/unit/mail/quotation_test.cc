#include "quotation.h"

#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

constexpr std::string_view kNew = "It still drips.\n";

std::string new_of(std::string_view rest) {
  return without_quotation(std::string(kNew) + "\n" + std::string(rest));
}

TEST(Quotation, IsCutWithTheLineThatAnnouncesIt) {
  for (const std::string_view line : {
           "On Mon, 23 Nov 2026 at 10:00, Support <support@example.org> wrote:",
           "Support <support@example.org> wrote:",
           "Den mån 23 nov. 2026 kl 10:00 skrev Support <support@example.org>:",
           "Den 23. nov. 2026 kl. 10.00 skrev Support <support@example.org>:",
           "På 23. november 2026 skrev Support (support@example.org):",
           "23 nov. 2026 kl. 10:00 skrev Support <support@example.org>:",
           "ma 23. marrask. 2026 klo 10.00 Support (support@example.org) kirjoitti:",
           "Am 23.11.2026 um 10:00 schrieb Support:",
           "Am Mo., 23. Nov. 2026 um 10:00 Uhr schrieb Support <support@example.org>:",
           "Le 23 nov. 2026 à 10:00, Support <support@example.org> a écrit :",
           "Le lun. 23 nov. 2026 à 10:00, Support <support@example.org> a écrit\xC2\xA0:",
           "Support a écrit le 23/11/2026 à 10:00 :",
           "Op ma 23 nov 2026 om 10:00 schreef Support <support@example.org>:",
           "Support schreef op 23-11-2026 10:00:",
           "El lun, 23 nov 2026 a las 10:00, Support (<support@example.org>) escribió:",
           "Support <support@example.org> escribió el 23/11/2026:",
           "Support kirjoitti 23.11.2026 klo 10.00:",
           "Support schrieb am 23.11.2026 um 10:00:",
           "Am 23.11.26 hat Support <support@example.org> folgendes geschrieben:",
           "Den 23.11.2026 kl. 10.00 skrev Support følgende:",
           "Support skreiv 23.11.2026 kl. 10.00:",
           "At 10:00 23/11/2026, you wrote:",
           "Support <support@example.org> writes:",
       }) {
    EXPECT_EQ(new_of(std::string(line) + "\n> Does it drip?\n> Support\n"), kNew) << line;
    EXPECT_EQ(new_of(std::string(line) + "\n\n> Does it drip?\n"), kNew) << line;
  }
}

TEST(Quotation, AnAnnouncementMayBeBrokenOverLines) {
  EXPECT_EQ(
      new_of(
          "On Mon, 23 Nov 2026 at 10:00, Support\n<support@example.org> wrote:\n> Does it drip?\n"),
      kNew);
  EXPECT_EQ(new_of("On Mon, 23 Nov 2026,\nSupport wrote on 23 Nov\nwrote:\n> Does it drip?\n"),
            kNew);
}

TEST(Quotation, WithoutAnAnnouncementIsCutToo) {
  EXPECT_EQ(new_of("> Does it drip?\n>\n> S.\n\n"), kNew);
}

TEST(Quotation, HeaderBlocksOfOutlookEndTheMail) {
  for (const std::string_view block : {
           "From: Support <s@example.org>\nSent: Monday, November 23, 2026 10:00\nTo: "
           "Anna\nSubject: pump\n",
           "Från: Support\nSkickat: den 23 november 2026 10:00\nTill: Anna\nÄmne: pump\n",
           "Fra: Support\nSendt: 23. november 2026 10:00\nTil: Anna\nEmne: pump\n",
           "Lähettäjä: Support\nLähetetty: maanantai 23. marraskuuta 2026\nAihe: pumppu\n",
           "Von: Support\nGesendet: Montag, 23. November 2026 10:00\nAn: Anna\nBetreff: Pumpe\n",
           "*From:* Support\n*Sent:* Monday\n*To:* Anna\n",
           "De : Support\nEnvoyé : lundi 23 novembre 2026 10:00\nÀ : Anna\nObjet : pompe\n",
           "De\xC2\xA0: Support\nDate\xC2\xA0: lundi 23 novembre 2026\n",
           "Van: Support\nVerzonden: maandag 23 november 2026 10:00\nAan: Anna\nOnderwerp: pomp\n",
           "De: Support\nEnviado el: lunes, 23 de noviembre de 2026 10:00\nPara: Anna\nAsunto: "
           "bomba\n",
           "De: Support\nFecha: lunes, 23 de noviembre\nPara: Anna\n",
           "Fra: Support\nDato: mandag den 23. november 2026\nTil: Anna\n",
           "Lähettäjä: Support\nPäivämäärä: maanantai 23. marraskuuta 2026\nVastaanottaja: Anna\n",
           "Von: Support\nDatum: Montag, 23. November 2026\nAn: Anna\n",
           "Från: Support\nDatum: måndag 23 november 2026\nTill: Anna\n",
           "________________________________\nFrom: Support\nDate: Monday\n",
       }) {
    EXPECT_EQ(new_of(std::string(block) + "\nDoes it drip?\n"), kNew) << block;
  }
}

TEST(Quotation, SeparatorsEndTheMail) {
  for (const std::string_view line :
       {"-----Original Message-----", "-----Ursprungligt meddelande-----",
        "----- Alkuperäinen viesti -----", "---- Opprinnelig melding ----",
        "-----Oprindelig meddelelse-----", "-----Ursprüngliche Nachricht-----",
        "---------- Forwarded message ---------", "-----Message d'origine-----",
        "-----Message d’origine-----", "-----Oorspronkelijk bericht-----",
        "-----Mensaje original-----", "---------- Videresendt meddelelse ---------",
        "---------- Välitetty viesti ---------",
        "Begin forwarded message:", "Vidarebefordrat brev:"}) {
    EXPECT_EQ(new_of(std::string(line) + "\nFrom: x\n\nDoes it drip?\n"), kNew) << line;
  }
}

TEST(Quotation, ASignatureIsCutAboveAndBelow) {
  EXPECT_EQ(new_of("-- \nAnna Berg\n+46 1\n"), kNew);
  EXPECT_EQ(new_of("-- \nAnna\n\nOn 23 Nov 2026, Support wrote:\n> Does it drip?\n"), kNew);
  EXPECT_EQ(new_of("On 23 Nov 2026, Support wrote:\n> Does it drip?\n-- \nAnna\n"), kNew);
}

TEST(Quotation, AnInlineAnswerIsKeptWhole) {
  constexpr std::string_view inline_answer = "> Does it drip?\nYes.\n> Since when?\nMonday.\n";
  EXPECT_EQ(without_quotation(inline_answer), inline_answer);
}

TEST(Quotation, AnAnswerBelowItIsWhatIsLeft) {
  EXPECT_EQ(without_quotation("On 23 Nov 2026, Support wrote:\n> Does it drip?\n>\n> S.\n\n"
                              "It still drips.\n"),
            kNew);
  EXPECT_EQ(without_quotation("Hello,\n\nDen 23 nov. 2026 skrev Support:\n> Droppar den?\n\n"
                              "It still drips.\n-- \nAnna\n"),
            "Hello,\n\nIt still drips.\n");
}

TEST(Quotation, AnswersBetweenItsLinesAreWhatIsLeft) {
  EXPECT_EQ(without_quotation("Am 23.11.2026 um 10:00 schrieb Support:\n> Does it drip?\nYes.\n"
                              "> Since when?\n\nMonday.\n\n> How much?\n> S.\n\nA bit.\n"),
            "Yes.\n\nMonday.\n\nA bit.\n");
  EXPECT_EQ(without_quotation("On 23 Nov 2026, Support wrote:\n> Does it drip?\nYes.\n> Thanks\n"),
            "Yes.\n");
}

TEST(Quotation, DeviceSignaturesAreCut) {
  for (const std::string_view line :
       {"Sent from my iPhone", "Skickat från min iPhone", "Sendt fra min iPhone",
        "Von meinem iPhone gesendet", "Envoyé de mon iPhone", "Get Outlook for iOS<https://x/>"}) {
    EXPECT_EQ(new_of(line), kNew) << line;
    EXPECT_EQ(new_of(std::string(line) + "\n\nOn 23 Nov 2026, S wrote:\n> Does it drip?\n"), kNew)
        << line;
  }
  EXPECT_EQ(without_quotation("Sent from my iPhone\n"), "Sent from my iPhone\n");
}

TEST(Quotation, OrdinarySentencesAreNoAnnouncements) {
  for (const std::string_view text : {
           "This is what he wrote:\nIt drips.\n",
           "From: the basement\nTo: the roof\nit drips.\n",
           "I said:\n  > not a quotation mark at the front\n",
           "-- not a signature\nmore\n",
           "--\nNo blank, no signature\n",
           "Original Message\nfoo\n",
       }) {
    EXPECT_EQ(without_quotation(text), text) << text;
  }
}

TEST(Quotation, ATextThatIsNothingElseIsKept) {
  EXPECT_EQ(without_quotation("> only this\n"), "> only this\n");
  EXPECT_EQ(without_quotation("-----Original Message-----\nx\n"),
            "-----Original Message-----\nx\n");
  EXPECT_EQ(without_quotation(""), "");
}

TEST(Quotation, TextWithoutAQuotationIsUnchanged) {
  EXPECT_EQ(without_quotation("no line end"), "no line end");
  EXPECT_EQ(without_quotation("blank lines\n\n\n"), "blank lines\n\n\n");
}

}  // namespace
}  // namespace beredd::mail
