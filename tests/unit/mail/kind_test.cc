#include "letters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Kind kind_of(std::string_view header, std::string_view body = "Hello.\n") {
  const std::string letter =
      "From: Anna <anna@kund.example>\nTo: support@help.example\nSubject: The pump\n" +
      std::string(header) + "\n" + std::string(body);
  return read_letter(letter).kind;
}

Kind kind_of_report(std::string_view from, std::string_view subject, std::string_view body,
                    std::string_view more = "") {
  const std::string letter = "From: " + std::string(from) +
                             "\nTo: support@help.example\nSubject: " + std::string(subject) + "\n" +
                             std::string(more) + "\n" + std::string(body);
  return read_letter(letter).kind;
}

TEST(Kind, NamesAreReadBackAsTheyAreWritten) {
  for (const Kind kind : {Kind::person, Kind::auto_reply, Kind::vacation, Kind::delivery_report,
                          Kind::list, Kind::bulk}) {
    EXPECT_EQ(kind_named(name(kind)), kind);
  }
  EXPECT_EQ(kind_named("robot"), std::nullopt);
}

TEST(Kind, WithoutASignItIsAPerson) {
  EXPECT_EQ(kind_of(""), Kind::person);
  EXPECT_EQ(kind_of("Auto-Submitted: no\n"), Kind::person);
  EXPECT_EQ(kind_of("X-Auto-Response-Suppress: none\n"), Kind::person);
  EXPECT_EQ(kind_of("Precedence: normal\n"), Kind::person);
}

TEST(Kind, WhatAMachineSubmitsIsNoPerson) {
  for (const std::string_view header :
       {"Auto-Submitted: auto-replied\n", "Auto-Submitted: auto-generated; x=y\n",
        "AUTO-SUBMITTED: Auto-Notified\n", "X-Autoreply: yes\n", "X-Autorespond: The pump\n",
        "X-Auto-Response-Suppress: DR, OOF, AutoReply\n", "Precedence: auto_reply\n",
        "X-Cron-Env: <HOME=/root>\n", "Return-Path: <>\n"}) {
    EXPECT_EQ(kind_of(header), Kind::auto_reply) << header;
  }
}

TEST(Kind, ASubjectThatOnlyMachinesWriteTellsAnAbsence) {
  for (const std::string_view subject :
       {"Automatic reply: The pump", "Autosvar: Pumpen", "Out of Office: The pump",
        "Automaattinen vastaus: Pumppu", "Abwesenheitsnotiz: Pumpe", "Frånvaro: semester",
        "Réponse automatique : La pompe", "Automatisch antwoord: De pomp", "Fraværsmelding"}) {
    EXPECT_EQ(kind_of_report("anna@kund.example", subject, "I am away.\n"), Kind::vacation)
        << subject;
  }
}

TEST(Kind, AHolidayIsAnAbsenceOnlyWhereAMachineTellsOfIt) {
  EXPECT_EQ(kind_of_report("anna@kund.example", "On vacation until May", "x\n",
                           "Auto-Submitted: auto-replied\n"),
            Kind::vacation);
  EXPECT_EQ(kind_of_report("anna@kund.example", "Our vacation homes", "x\n"), Kind::person);
  EXPECT_EQ(kind_of("X-Vacation: yes\n"), Kind::vacation);
}

TEST(Kind, AListSaysSo) {
  for (const std::string_view header :
       {"List-Id: <pumps.lists.example>\n", "List-Post: <mailto:pumps@lists.example>\n",
        "Mailing-List: contact pumps-help@lists.example; run by ezmlm\n",
        "X-BeenThere: pumps@lists.example\n", "Precedence: list\n",
        "List-Id: <pumps.lists.example>\nPrecedence: bulk\n"}) {
    EXPECT_EQ(kind_of(header), Kind::list) << header;
  }
}

TEST(Kind, WhatGoesToManyIsBulk) {
  EXPECT_EQ(kind_of("Precedence: bulk\n"), Kind::bulk);
  EXPECT_EQ(kind_of("Precedence: junk\n"), Kind::bulk);
  EXPECT_EQ(kind_of("List-Unsubscribe: <https://shop.example/out>\n"), Kind::bulk);
}

TEST(Kind, AReceiptIsAnAutomaticReply) {
  EXPECT_EQ(kind_of("MIME-Version: 1.0\nContent-Type: multipart/report; boundary=b;\n"
                    " report-type=disposition-notification\n",
                    "--b\n\nIt was read.\n--b\nContent-Type: message/disposition-notification\n\n"
                    "Disposition: manual-action/MDN-sent-manually; displayed\n--b--\n"),
            Kind::auto_reply);
}

TEST(Kind, AStatusPartMakesAReportWhoeverSendsIt) {
  EXPECT_EQ(kind_of("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n",
                    "--b\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n"
                    "Final-Recipient: rfc822; bo@kund.example\nAction: failed\n--b--\n"),
            Kind::delivery_report);
}

TEST(Kind, ADaemonReportsInItsOwnWords) {
  EXPECT_EQ(kind_of_report("MAILER-DAEMON@mx.example", "failure notice", "Hi.\n"),
            Kind::delivery_report);
  EXPECT_EQ(kind_of_report("Mail Delivery System <noreply@mx.example>", "Mail delivery failed",
                           "<bo@kund.example>: unknown user\n"),
            Kind::delivery_report);
  EXPECT_EQ(kind_of_report("postmaster@mx.example", "Olevererbar: Pumpen",
                           "Meddelandet kunde inte levereras till bo@kund.example\n"),
            Kind::delivery_report);
  EXPECT_EQ(kind_of_report("MAILER-DAEMON@mx.example",
                           "=?UTF-8?B?w6XDpMO2?=", "550 5.1.1 <bo@kund.example>: user unknown\n"),
            Kind::delivery_report);
}

TEST(Kind, APostmasterWhoOnlyWritesIsNoReport) {
  EXPECT_EQ(kind_of_report("postmaster@mx.example", "Lunch on Friday?", "Shall we meet?\n"),
            Kind::person);
}

TEST(Kind, APersonWhoWritesOfAReportIsNone) {
  EXPECT_EQ(kind_of_report("anna@kund.example", "Re: Undeliverable: The pump",
                           "What does this mean?\n> 550 user unknown\n> could not be delivered\n"),
            Kind::person);
  EXPECT_EQ(kind_of_report("anna@kund.example", "Delivery problem with my order",
                           "The parcel was returned to you. Why?\n"),
            Kind::person);
  EXPECT_EQ(kind_of_report("anna@kund.example", "Mail delivery failed",
                           "Dear desk,\n\nI get this since Monday, what shall I do?\n"),
            Kind::person);
}

TEST(Kind, OnlyPersonsAndListsAreNotAutomatic) {
  EXPECT_FALSE(is_automatic(Kind::person));
  EXPECT_FALSE(is_automatic(Kind::list));
  EXPECT_TRUE(is_automatic(Kind::vacation));
  EXPECT_TRUE(is_automatic(Kind::delivery_report));
}

TEST(Signs, TheMarksOfLoopsAreKept) {
  const Reading mail = read_letter(
      "From: a@x.example\nX-Loop: Support@Help.example\nX-Beredd-Ticket: t1042.mzxw6ytboi\n\nx\n");
  EXPECT_THAT(mail.loop_marks, ElementsAre("support@help.example", "t1042.mzxw6ytboi"));
}

TEST(Signs, AMessageIdThatWasReplacedIsKept) {
  const Reading mail = read_letter(
      "From: a@x.example\nMessage-ID: <new@gateway.example>\n"
      "X-Google-Original-Message-ID: <old@x.example>\nX-Original-Message-ID: "
      "<new@gateway.example>\n"
      "\nx\n");
  EXPECT_THAT(mail.former_ids, ElementsAre("old@x.example"));
}

TEST(Signs, OfAThreadIndexTheConversationCounts) {
  const std::string head = "From: a@x.example\nThread-Index: ";
  const std::string first =
      read_letter(head + "AQHR1zYxQk9PS1NBTVBMRTEyMzQ1Njc4OQ==\n\nx\n").thread_index;
  EXPECT_EQ(first, "") << "25 bytes are no header and no reply";
  const Reading parent = read_letter(head + "AQHR1zYxQk9PS1NBTVBMRTEyMzQ1Ng==\n\nx\n");
  const Reading child = read_letter(head + "AQHR1zYxQk9PS1NBTVBMRTEyMzQ1NgABAgME\n\nx\n");
  EXPECT_EQ(parent.thread_index.size(), 44U);
  EXPECT_EQ(parent.thread_index, child.thread_index);
  EXPECT_EQ(read_letter(head + "rubbish\n\nx\n").thread_index, "");
}

TEST(Signs, InAListsMailWhateverInReplyToNamesCounts) {
  const std::string field =
      "In-Reply-To: Message from Bo <bo@x.example> of \"Mon, 1 Jan\"\n <id@x>\n";
  EXPECT_THAT(read_letter("From: a@x.example\n" + field + "\nx\n").in_reply_to,
              ElementsAre("id@x"));
  EXPECT_THAT(read_letter("From: a@x.example\nList-Id: <l>\n" + field + "\nx\n").in_reply_to,
              ElementsAre("id@x", "bo@x.example"));
}

}  // namespace
}  // namespace beredd::mail
