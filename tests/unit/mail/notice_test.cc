#include "notice.h"

#include "invitation.h"
#include "letters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr std::string_view kInvitation =
    "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VTIMEZONE\nTZID:Stockholm\nBEGIN:STANDARD\n"
    "DTSTART:16010101T030000\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\n"
    "SUMMARY:Inspection\\, of the pu\n mp\nDTSTART;TZID=Europe/Stockholm:20261124T100000\n"
    "DTEND;TZID=Europe/Stockholm:20261124T113000\nLOCATION:Basement\n"
    "ORGANIZER;CN=\"Berg, Anna\":mailto:anna@example.org\n"
    "ATTENDEE;ROLE=REQ-PARTICIPANT;CN=Bo:MAILTO:bo@example.org\n"
    "ATTENDEE;CN=cecilia@example.org:mailto:cecilia@example.org\n"
    "DESCRIPTION:Bring\\na torch.\nBEGIN:VALARM\nDESCRIPTION:Reminder\nEND:VALARM\n"
    "END:VEVENT\nEND:VCALENDAR\n";
constexpr std::string_view kSummary =
    "Invitation: Inspection, of the pump\n"
    "When: 2026-11-24 10:00 – 2026-11-24 11:30 (Europe/Stockholm)\n"
    "Where: Basement\nOrganiser: Berg, Anna <anna@example.org>\n"
    "Attendees: Bo <bo@example.org>, cecilia@example.org\n";

TEST(Invitation, IsSummarised) {
  EXPECT_EQ(invitation_text(kInvitation, false), kSummary);
  EXPECT_EQ(invitation_text(kInvitation, true), std::string(kSummary) + "\nBring\na torch.\n");
}

TEST(Invitation, SaysWhatIsDoneWithTheEvent) {
  const auto with = [](std::string_view method) {
    return invitation_text("METHOD:" + std::string(method) +
                               "\nBEGIN:VEVENT\nSUMMARY:x\nDTSTART:20261124T100000Z\nEND:VEVENT\n",
                           false);
  };
  EXPECT_EQ(with("CANCEL"), "Cancelled: x\nWhen: 2026-11-24 10:00 UTC\n");
  EXPECT_EQ(with("reply"), "Answer to an invitation: x\nWhen: 2026-11-24 10:00 UTC\n");
  EXPECT_EQ(with("COUNTER"), "Other time proposed: x\nWhen: 2026-11-24 10:00 UTC\n");
  EXPECT_EQ(with("PUBLISH"), "Event: x\nWhen: 2026-11-24 10:00 UTC\n");
}

TEST(Invitation, AWholeDayHasNoTime) {
  EXPECT_EQ(invitation_text("BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261124\nRRULE:FREQ=DAILY\n", false),
            "Event: (no title)\nWhen: 2026-11-24\nRepeats: FREQ=DAILY\n");
}

TEST(Invitation, OfManyAttendeesSomeAreNamed) {
  std::string calendar = "BEGIN:VEVENT\nSUMMARY:x\n";
  for (int i = 0; i < 25; ++i)
    calendar += "ATTENDEE:mailto:a" + std::to_string(i) + "@example.org\n";
  EXPECT_THAT(invitation_text(calendar, false), testing::EndsWith("a19@example.org and 5 more\n"));
}

TEST(Invitation, WithoutAnEventIsNothing) {
  EXPECT_EQ(invitation_text("BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:x\nEND:VTODO\n", true), "");
  EXPECT_EQ(invitation_text("", true), "");
}

TEST(Invitation, OddLinesAreBorneAndLinear) {
  EXPECT_THAT(invitation_text("BEGIN:VEVENT\nSUMMARY\nX;A;B=\"\nATTENDEE;CN=\":x\n", true),
              testing::StartsWith("Event: (no title)\n"));
  const std::string folds = "BEGIN:VEVENT\nSUMMARY:x\n" + repeated(" y\n", 1000000);
  EXPECT_LT(invitation_text(folds, true).size(), 1000U);
  EXPECT_THAT(invitation_text(repeated("BEGIN:X\n", 500000) + "BEGIN:VEVENT\nSUMMARY:x\n", true),
              HasSubstr("x"));
}

TEST(ReadingNotice, AnInvitationIsSummarisedBelowTheText) {
  const Reading mail = read_letter(
      "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nCome, please.\n"
      "--b\nContent-Type: text/calendar; method=REQUEST\n\n" +
      std::string(kInvitation) + "--b--\n");
  EXPECT_EQ(mail.text, "Come, please.\n\n" + std::string(kSummary));
  EXPECT_EQ(mail.new_text, mail.text);
}

TEST(ReadingNotice, AnInvitationAloneIsTheText) {
  const Reading mail = read_letter("Content-Type: text/calendar\n\n" + std::string(kInvitation));
  EXPECT_EQ(mail.text, std::string(kSummary) + "\nBring\na torch.\n");
}

TEST(ReadingNotice, TheSameInvitationTwiceIsSummarisedOnce) {
  const std::string part = "Content-Type: text/calendar\n\n" + std::string(kInvitation);
  const Reading mail = read_letter("Content-Type: multipart/mixed; boundary=b\n\n--b\n" + part +
                                   "--b\n" + part + "--b--\n");
  EXPECT_EQ(mail.text, std::string(kSummary) + "\nBring\na torch.\n");
  EXPECT_THAT(mail.attachments, SizeIs(2));
}

TEST(ReadingNotice, WhatIsKeptElsewhereIsPointedTo) {
  const Reading mail = read_letter(
      "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee there.\n"
      "--b\nContent-Type: message/external-body; access-type=URL;\n"
      " URL=\"https://example.org/plan.pdf\"\n\n"
      "Content-Type: application/pdf; name=\"../plan.pdf\"\n\n"
      "--b\nContent-Type: message/external-body; access-type=anon-ftp; site=ftp.example.org;\n"
      " directory=pub; name=plan.txt\n\nContent-Type: text/plain\n\n--b--\n");
  EXPECT_EQ(mail.text,
            "See there.\n\n"
            "[Attachment that is kept elsewhere: _plan.pdf, https://example.org/plan.pdf]\n"
            "[Attachment that is kept elsewhere: ftp.example.org/pub/plan.txt]\n");
  EXPECT_TRUE(has_defect(mail, "attachment is kept elsewhere"));
}

TEST(ReadingNotice, APieceOfALongerMailSaysWhichItIs) {
  const Reading mail = read_letter(
      "Content-Type: message/partial; id=\"x@example.org\"; number=2; total=5\n\nmiddle\n");
  EXPECT_EQ(mail.text, "[Piece 2 of 5 of a longer mail]\n");
  EXPECT_TRUE(has_defect(mail, "piece of a longer mail"));
  EXPECT_THAT(mail.attachments, SizeIs(1));
}

TEST(ReadingNotice, ClearSignedMailIsShownAndSaidToBeUnverified) {
  for (const auto& [protocol, system] : {std::pair("application/pgp-signature", "PGP"),
                                         std::pair("application/pkcs7-signature", "S/MIME"),
                                         std::pair("application/x-pkcs7-signature", "S/MIME"),
                                         std::pair("application/other", "an unknown system")}) {
    const Reading mail = read_letter("Content-Type: multipart/signed; boundary=b; protocol=\"" +
                                     std::string(protocol) + "\"\n\n--b\n\nIt drips.\n--b\n" +
                                     "Content-Type: " + protocol + "\n\nsig\n--b--\n");
    EXPECT_EQ(mail.text, "It drips.");
    EXPECT_THAT(mail.defects,
                testing::Contains("signed with " + std::string(system) + ", not verified"));
  }
}

TEST(ReadingNotice, MailEncryptedWithPgpIsNamed) {
  const Reading mail = read_letter(
      "Content-Type: multipart/encrypted; boundary=b; protocol=\"application/pgp-encrypted\"\n\n"
      "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n"
      "--b\nContent-Type: application/octet-stream\n\nx\n--b--\n");
  EXPECT_THAT(mail.defects, testing::Contains("encrypted with PGP"));
}

constexpr std::string_view kClearSigned =
    "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nIt drips.\n- --  five\n"
    "-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\n";

TEST(PgpArmour, OfASignedTextIsTakenAway) {
  Defects defects;
  EXPECT_EQ(without_pgp_armour(std::string(kClearSigned), defects), "It drips.\n--  five\n");
  EXPECT_THAT(defects.list(), ElementsAre("signed with PGP, not verified"));
  EXPECT_EQ(without_pgp_armour("Hello.\n" + std::string(kClearSigned) + "below\n", defects),
            "Hello.\nIt drips.\n--  five\nbelow\n");
}

TEST(PgpArmour, OfAnEncryptedTextIsNamedAndStays) {
  Defects defects;
  const std::string text = "-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----\n";
  EXPECT_EQ(without_pgp_armour(text, defects), text);
  EXPECT_THAT(defects.list(), ElementsAre("encrypted with PGP"));
}

TEST(PgpArmour, ThatIsBrokenOrQuotedStays) {
  for (const std::string text :
       {"-----BEGIN PGP SIGNED MESSAGE-----\nno end\n",
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: x\n-----BEGIN PGP SIGNATURE-----\n\nx\n",
        "> -----BEGIN PGP SIGNED MESSAGE-----\n\n> x\n> -----BEGIN PGP SIGNATURE-----\n"}) {
    Defects defects;
    EXPECT_EQ(without_pgp_armour(text, defects), text);
    EXPECT_THAT(defects.list(), IsEmpty());
  }
}

}  // namespace
}  // namespace beredd::mail
