#include "letters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A report as RFC 3464 has it, around `status` and the header that is returned.
Report report_on(std::string_view status, std::string_view returned = "Message-ID: <sent@x>\n") {
  const std::string letter =
      "From: MAILER-DAEMON@mx.example\nTo: support@help.example\n"
      "Subject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
      "--b\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n" +
      std::string(status) + "\n--b\nContent-Type: text/rfc822-headers\n\n" + std::string(returned) +
      "\n--b--\n";
  return read_letter(letter).report.value_or(Report{Outcome::other, "none", {}, {}, {}});
}

TEST(Report, SaysWhatBecameOfWhom) {
  const Report report = report_on(
      "Reporting-MTA: dns; mx.example\n\nOriginal-Recipient: rfc822;Bo@Kund.example\n"
      "Final-Recipient: rfc822; bo@inner.example\nAction: failed\nStatus: 5.1.1 (unknown)\n");
  EXPECT_EQ(report.outcome, Outcome::failed);
  EXPECT_EQ(report.status, "5.1.1");
  EXPECT_THAT(report.recipients, ElementsAre("bo@kund.example", "bo@inner.example"));
  EXPECT_THAT(report.message_ids, ElementsAre("sent@x"));
}

TEST(Report, TheWorstOutcomeCounts) {
  EXPECT_EQ(report_on("Action: delivered\n\nAction: failed\n\nAction: delayed\n").outcome,
            Outcome::failed);
  EXPECT_EQ(report_on("Action: delivered\n\nAction: delayed\n").outcome, Outcome::delayed);
  EXPECT_EQ(report_on("Action: delivered\nStatus: 2.0.0\n").outcome, Outcome::delivered);
  EXPECT_EQ(report_on("Action: relayed\n").outcome, Outcome::other);
}

TEST(Report, WithoutAnActionTheStatusSaysIt) {
  EXPECT_EQ(report_on("Status: 4.4.7\n").outcome, Outcome::delayed);
  EXPECT_EQ(report_on("Status: 5.4.7\n").outcome, Outcome::failed);
}

TEST(Report, TheEnvelopeIdComesBackOutOfXtext) {
  EXPECT_EQ(report_on("Original-Envelope-Id: a+3Db+2Bc\nAction: failed\n").envelope_id, "a=b+c");
}

TEST(Report, AFoldedFieldIsWhole) {
  EXPECT_THAT(report_on("Final-Recipient: rfc822;\n  bo@kund.example\nAction: failed\n").recipients,
              ElementsAre("bo@kund.example"));
}

TEST(Report, WithoutRecipientsThoseOfTheReturnedMailCount) {
  EXPECT_THAT(
      report_on("Action: failed\n", "To: Bo <bo@kund.example>\nMessage-ID: <sent@x>\n").recipients,
      ElementsAre("bo@kund.example"));
}

TEST(Report, FindsTheMessageIdInPlainText) {
  const Reading mail = read_letter(
      "From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\n"
      "<bo@kund.example>:\n550 no such user\n\n--- Below this line is a copy of the message.\n\n"
      "Return-Path: <support@help.example>\nMessage-ID: <sent@x>\nTo: bo@kund.example\n\nHej\n");
  ASSERT_TRUE(mail.report);
  EXPECT_THAT(mail.report->message_ids, ElementsAre("sent@x"));
  EXPECT_THAT(mail.report->recipients, ElementsAre("bo@kund.example"));
}

TEST(Report, ItsOwnMessageIdIsNotWhatItIsAbout) {
  const Reading mail = read_letter(
      "From: MAILER-DAEMON@mx.example\nSubject: failure notice\nMessage-ID: <own@x>\n\n"
      "550 no such user\n\nMessage-ID: <own@x>\n");
  ASSERT_TRUE(mail.report);
  EXPECT_THAT(mail.report->message_ids, IsEmpty());
}

TEST(Report, OfAWarningTheOutcomeIsADelay) {
  const Reading mail = read_letter(
      "From: MAILER-DAEMON@mx.example\nSubject: Warning: message delayed 24 hours\n\n"
      "Your message has not been delivered yet.\n");
  ASSERT_TRUE(mail.report);
  EXPECT_EQ(mail.report->outcome, Outcome::delayed);
}

TEST(Report, ExtraFailedRecipientsAreRead) {
  const Reading mail = read_letter(
      "From: Mail Delivery System <Mailer-Daemon@mx.example>\nSubject: Mail delivery failed\n"
      "X-Failed-Recipients: Bo@kund.example,\n eva@kund.example\n\nSorry.\n");
  ASSERT_TRUE(mail.report);
  EXPECT_THAT(mail.report->recipients, ElementsAre("bo@kund.example", "eva@kund.example"));
}

TEST(Report, ANoticeInJsonIsRead) {
  const Reading mail = read_letter(
      "From: no-reply@notices.example\nSubject: Notification\n\n"
      "{ \"Message\" : \"{\\\"notificationType\\\":\\\"Bounce\\\",\\\"bounce\\\":"
      "{\\\"bouncedRecipients\\\":[{\\\"emailAddress\\\":\\\"Bo@kund.example\\\"}]},\\\"mail\\\":"
      "{\\\"messageId\\\":\\\"<sent@x>\\\"}}\" }\n");
  EXPECT_EQ(mail.kind, Kind::delivery_report);
  ASSERT_TRUE(mail.report);
  EXPECT_EQ(mail.report->outcome, Outcome::failed);
  EXPECT_THAT(mail.report->recipients, ElementsAre("bo@kund.example"));
  EXPECT_THAT(mail.report->message_ids, ElementsAre("sent@x"));
}

TEST(Report, WhatIsNoneHasNone) {
  EXPECT_FALSE(read_letter("From: a@x.example\nSubject: Hej\n\nHej\n").report);
}

TEST(Report, AnEndlessOneIsReadInPart) {
  const Report report = report_on(repeated("Final-Recipient: rfc822; a@b.example\n\n", 5000) +
                                  repeated("X: y\n ", 3000));
  EXPECT_THAT(report.recipients, ElementsAre("a@b.example"));
}

}  // namespace
}  // namespace beredd::mail
