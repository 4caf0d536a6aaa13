#include "letters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string mixed(std::string_view body) {
  return "From: a@example.org\nContent-Type: multipart/mixed; boundary=\"b\"\n\n" +
         std::string(body);
}

constexpr std::string_view kPdf =
    "--b\nContent-Type: application/pdf; name=\"a.pdf\"\nContent-Transfer-Encoding: base64\n"
    "Content-Disposition: attachment; filename=\"a.pdf\"\n\nJVBERg==\n";

TEST(ReadingStructure, MixedPartsAreTextAndAttachments) {
  const Reading mail =
      read_letter(mixed("preamble\n--b\n\nSee there.\n" + std::string(kPdf) + "--b--\nepilogue\n"));
  EXPECT_EQ(mail.text, "See there.");
  ASSERT_THAT(mail.attachments, SizeIs(1));
  EXPECT_EQ(mail.attachments[0].index, 2U);
  EXPECT_EQ(mail.attachments[0].name, "a.pdf");
  EXPECT_EQ(mail.attachments[0].type, "application/pdf");
  EXPECT_EQ(mail.attachments[0].size, base::Bytes(4));
  EXPECT_EQ(mail.attachments[0].sha256, base::sha256("%PDF"));
  EXPECT_THAT(mail.defects, IsEmpty());
}

TEST(ReadingStructure, PlainTextIsPreferredToHtml) {
  const Reading mail = read_letter(
      "Content-Type: multipart/alternative; boundary=b\n\n"
      "--b\nContent-Type: text/plain\n\nplain words\n"
      "--b\nContent-Type: text/html\n\n<p>rich words</p>\n--b--\n");
  EXPECT_EQ(mail.text, "plain words");
  EXPECT_THAT(mail.attachments, IsEmpty());
}

TEST(ReadingStructure, ABlankPlainAlternativeGivesWayToHtml) {
  const Reading mail = read_letter(
      "Content-Type: multipart/alternative; boundary=b\n\n"
      "--b\nContent-Type: text/plain; charset=utf-8\n\n \xC2\xA0\n\n"
      "--b\nContent-Type: text/html\n\n<p>rich words</p>\n");
  EXPECT_EQ(mail.text, "rich words\n");
  EXPECT_TRUE(has_defect(mail, "multipart without its closing boundary"));
}

TEST(ReadingStructure, AnAlternativeThatIsNoTextIsAttached) {
  const Reading mail = read_letter(
      "Content-Type: multipart/alternative; boundary=b\n\n"
      "--b\n\ncome at ten\n"
      "--b\nContent-Type: text/calendar; name=invite.ics\n\nBEGIN:VCALENDAR\n--b--\n");
  EXPECT_EQ(mail.text, "come at ten");
  ASSERT_THAT(mail.attachments, SizeIs(1));
  EXPECT_EQ(mail.attachments[0].name, "invite.ics");
}

TEST(ReadingStructure, ImagesRelatedToHtmlAreAttached) {
  const Reading mail = read_letter(
      "Content-Type: multipart/related; boundary=r\n\n"
      "--r\nContent-Type: multipart/alternative; boundary=a\n\n"
      "--a\n\nplain\n--a\nContent-Type: text/html\n\n<b>rich</b>\n--a--\n"
      "--r\nContent-Type: image/png\nContent-ID: <pic>\n\nPNG\n--r--\n");
  EXPECT_EQ(mail.text, "plain");
  ASSERT_THAT(mail.attachments, SizeIs(1));
  EXPECT_EQ(mail.attachments[0].type, "image/png");
  EXPECT_EQ(mail.attachments[0].index, 3U);
}

TEST(ReadingStructure, SeveralTextsOfAMixedAllShow) {
  const Reading mail =
      read_letter(mixed("--b\n\nabove\n--b\nContent-Type: image/png\n\nPNG\n--b\nContent-Type: "
                        "text/html\n\n<p>below</p>\n--b--\n"));
  EXPECT_EQ(mail.text, "above\n\nbelow\n");
  EXPECT_THAT(mail.attachments, SizeIs(1));
}

TEST(ReadingStructure, ATextWithANameIsAnAttachment) {
  const Reading mail = read_letter(
      mixed("--b\n\nbody\n--b\nContent-Type: text/plain; name=\"log.txt\"\n\nerror\n--b--\n"));
  EXPECT_EQ(mail.text, "body");
  ASSERT_THAT(mail.attachments, SizeIs(1));
  EXPECT_EQ(mail.attachments[0].name, "log.txt");
}

TEST(ReadingStructure, WhereEveryPartHasANameTheFirstTextIsReadToo) {
  const Reading mail =
      read_letter(mixed("--b\nContent-Type: text/plain; name=problems.txt\n\nIt failed.\n"
                        "--b\nContent-Type: text/plain; name=more.txt\n\nmore\n--b--\n"));
  EXPECT_EQ(mail.text, "It failed.");
  EXPECT_THAT(mail.attachments, SizeIs(2));
}

TEST(ReadingStructure, AForwardedMessageIsAttachedAndNotRead) {
  const Reading mail = read_letter(
      mixed("--b\n\nsee below\n--b\nContent-Type: message/rfc822\n\n"
            "Subject: The =?utf-8?Q?b=C3=A5t?=\nFrom: x@example.org\n\nwords of another\n--b--\n"));
  EXPECT_EQ(mail.text, "see below");
  ASSERT_THAT(mail.attachments, SizeIs(1));
  EXPECT_EQ(mail.attachments[0].type, "message/rfc822");
  EXPECT_EQ(mail.attachments[0].name, "The båt.eml");
}

TEST(ReadingStructure, AForwardedMessageWithoutASubjectHasAPlainName) {
  const Reading mail = read_letter(
      mixed("--b\nContent-Type: message/rfc822\n\nFrom: x@example.org\n\nwords\n--b--\n"));
  EXPECT_EQ(mail.attachments.at(0).name, "message.eml");
}

TEST(ReadingStructure, AMailThatOnlyForwardsSaysWhatItForwards) {
  constexpr std::string_view kInner =
      "From: Bo <bo@example.org>\nSubject: pump\nDate: Mon, 23 Nov 2026 10:00:00 +0100\n\nIt "
      "drips.\n";
  const Reading mail =
      read_letter("From: a@example.org\nContent-Type: message/rfc822\n\n" + std::string(kInner));
  EXPECT_EQ(mail.text,
            "Forwarded message\nFrom: Bo <bo@example.org>\nDate: Mon, 23 Nov 2026 09:00:00 +0000\n"
            "Subject: pump\n\nIt drips.\n");
  EXPECT_EQ(mail.new_text, mail.text);
  EXPECT_EQ(mail.subject, "");
  EXPECT_THAT(mail.attachments, SizeIs(1));
}

TEST(ReadingStructure, OfAChainOfForwardsTheFirstIsSaid) {
  std::string raw = "Subject: core\n\nIt drips.\n";
  for (int i = 0; i < 3; ++i) {
    raw = "Subject: shell " + std::to_string(i) + "\nContent-Type: message/rfc822\n\n" + raw;
  }
  EXPECT_EQ(read_letter(raw).text, "Forwarded message\nSubject: shell 1\n\n");
}

TEST(ReadingStructure, PartsOfADigestAreMessages) {
  const Reading mail = read_letter(
      "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: one\n\n1\n--b\n\nSubject: "
      "two\n\n2\n--b--\n");
  ASSERT_THAT(mail.attachments, SizeIs(2));
  EXPECT_EQ(mail.attachments[1].name, "two.eml");
}

TEST(ReadingStructure, AnUnclosedInnerMultipartLosesNothingBehindIt) {
  const Reading mail = read_letter(
      mixed("--b\nContent-Type: multipart/alternative; boundary=inner\n\n--inner\n\nwords\n" +
            std::string(kPdf) + "--b--\n"));
  EXPECT_EQ(mail.text, "words");
  EXPECT_EQ(mail.attachments.at(0).name, "a.pdf");
  EXPECT_TRUE(has_defect(mail, "multipart without its closing boundary"));
}

TEST(ReadingStructure, ABoundaryThatNeverOccursLeavesText) {
  const Reading mail = read_letter(mixed("There is only this.\n"));
  EXPECT_EQ(mail.text, "There is only this.\n");
  EXPECT_TRUE(has_defect(mail, "boundary never occurs"));
}

TEST(ReadingStructure, APartWithoutItsOpeningLineIsFound) {
  const Reading mail = read_letter(mixed("Content-Type: text/html\n\n<p>Hello</p>\n--b--\n"));
  EXPECT_EQ(mail.text, "Hello\n");
  EXPECT_TRUE(has_defect(mail, "boundary never occurs"));
}

TEST(ReadingStructure, AMissingBoundaryParameterIsGuessedFromTheBody) {
  const Reading mail = read_letter(
      "Content-Type: multipart/mixed\n\n--guess\n\nwords\n--guess\nContent-Type: "
      "image/png\n\nPNG\n--guess--\n");
  EXPECT_EQ(mail.text, "words");
  EXPECT_THAT(mail.attachments, SizeIs(1));
  EXPECT_TRUE(has_defect(mail, "multipart without a usable boundary"));
}

TEST(ReadingStructure, NoSemicolonBeforeTheBoundaryIsBorne) {
  const Reading mail =
      read_letter("Content-Type: multipart/mixed boundary=b\n\n--b\n\nwords\n--b--\n");
  EXPECT_EQ(mail.text, "words");
}

TEST(ReadingStructure, ABoundaryMayHoldASemicolon) {
  const Reading mail =
      read_letter("Content-Type: multipart/mixed; boundary=\"a;b\"\n\n--a;b\n\nwords\n--a;b--\n");
  EXPECT_EQ(mail.text, "words");
}

TEST(ReadingStructure, BoundariesThatDifferInDashesAreToldApart) {
  const Reading mail = read_letter(
      "Content-Type: multipart/mixed; boundary=\"a--\"\n\n"
      "--a--\n\nouter\n"
      "--a--\nContent-Type: multipart/mixed; boundary=\"a----\"\n\n"
      "--a----\n\ninner\n--a------\n"
      "--a--\nContent-Type: image/png\n\nPNG\n--a----\n");
  EXPECT_EQ(mail.text, "outer\n\ninner");
  EXPECT_THAT(mail.attachments, SizeIs(1));
}

TEST(ReadingStructure, ABoundaryIsNotMatchedInMidLineNorAsAPrefixOfAWord) {
  const Reading mail = read_letter(mixed("--b\n\nsay --b here\n--bc\nstill text\n--b--\n"));
  EXPECT_EQ(mail.text, "say --b here\n--bc\nstill text");
}

TEST(ReadingStructure, BlanksAndJunkBehindABoundaryAreBorne) {
  const Reading mail = read_letter(mixed("--b  \n\none\n--b some junk\n\ntwo\n--b--junk\n"));
  EXPECT_EQ(mail.text, "one\n\ntwo");
}

TEST(ReadingStructure, APartMayBeginWithoutABlankLineBeforeTheNextBoundary) {
  const Reading mail = read_letter(mixed("--b\nContent-Type: image/png\n--b\n\nwords\n--b--\n"));
  EXPECT_EQ(mail.text, "words");
  ASSERT_THAT(mail.attachments, SizeIs(1));
  EXPECT_EQ(mail.attachments[0].size, base::Bytes(0));
}

TEST(ReadingStructure, OfSeveralContentTypesTheFirstReadableCounts) {
  const Reading mail = read_letter("Content-Type: ???\nContent-Type: text/html\n\n<p>Hello</p>\n");
  EXPECT_EQ(mail.text, "Hello\n");
  EXPECT_TRUE(has_defect(mail, "more than one Content-Type"));
}

TEST(ReadingStructure, AReportShowsItsTextAndAttachesTheRest) {
  const Reading mail = read_letter(
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
      "--b\n\nIt could not be delivered.\n"
      "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n"
      "--b\nContent-Type: text/rfc822-headers\n\nSubject: x\n--b--\n");
  EXPECT_EQ(mail.text, "It could not be delivered.");
  EXPECT_THAT(mail.attachments, SizeIs(2));
}

TEST(PartBytes, AreThoseOfTheLeafThatTheIndexNames) {
  const std::string raw = crlf(mixed("--b\n\nwords\n" + std::string(kPdf) + "--b--\n"));
  EXPECT_EQ(*part_bytes(raw, 1), "words");
  EXPECT_EQ(*part_bytes(raw, 2), "%PDF");
}

TEST(PartBytes, OfAnUnknownIndexAreNotFound) {
  const std::string raw = crlf(mixed("--b\n\nwords\n--b--\n"));
  for (const std::uint32_t index : {0U, 2U, 4'000'000'000U}) {
    const auto bytes = part_bytes(raw, index);
    ASSERT_FALSE(bytes.ok());
    EXPECT_EQ(bytes.error().code, base::Code::not_found);
    EXPECT_EQ(bytes.error().fault, base::Fault::permanent);
  }
}

}  // namespace
}  // namespace beredd::mail
