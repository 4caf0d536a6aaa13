#include "letters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ReadingHeader, OfAnOrdinaryMailIsReadWhole) {
  const Reading mail = read_letter(
      "From: Anna Berg <anna@example.org>\n"
      "To: Support <support@example.org>, info@example.org\n"
      "Cc: boss@example.org\n"
      "Reply-To: anna.private@example.net\n"
      "Subject: The pump\n"
      "Date: Mon, 23 Nov 2026 01:30:26 +0100\n"
      "Message-ID: <one@example.org>\n"
      "In-Reply-To: <zero@example.org>\n"
      "References: <first@example.org>\n <zero@example.org>\n"
      "Auto-Submitted: Auto-Replied (vacation)\n"
      "\n"
      "It drips.\n");
  EXPECT_THAT(mail.from, ElementsAre(Address{"Anna Berg", "anna@example.org"}));
  EXPECT_THAT(mail.to, ElementsAre(Address{"Support", "support@example.org"},
                                   Address{"", "info@example.org"}));
  EXPECT_THAT(mail.cc, ElementsAre(Address{"", "boss@example.org"}));
  EXPECT_THAT(mail.reply_to, ElementsAre(Address{"", "anna.private@example.net"}));
  EXPECT_EQ(mail.subject, "The pump");
  EXPECT_EQ(base::rfc3339(mail.date.value()), "2026-11-23T00:30:26Z");
  EXPECT_EQ(mail.message_id, "one@example.org");
  EXPECT_THAT(mail.in_reply_to, ElementsAre("zero@example.org"));
  EXPECT_THAT(mail.references, ElementsAre("first@example.org", "zero@example.org"));
  EXPECT_EQ(mail.auto_submitted, "auto-replied");
  EXPECT_EQ(mail.text, "It drips.\n");
  EXPECT_EQ(mail.new_text, mail.text);
  EXPECT_THAT(mail.defects, IsEmpty());
  EXPECT_FALSE(mail.opaque);
}

TEST(ReadingHeader, FoldedFieldsComeOnOneLine) {
  const Reading mail = read_letter("From: a@example.org\nSubject: one\n\ttwo\n   three\n\nx\n");
  EXPECT_EQ(mail.subject, "one two three");
}

TEST(ReadingHeader, ABlankBeforeTheColonIsADefectAndNoLoss) {
  const Reading mail = read_letter("From : a@example.org\nSubject\t: hello\n\nx\n");
  EXPECT_EQ(mail.subject, "hello");
  EXPECT_EQ(mail.from.at(0).address, "a@example.org");
  EXPECT_TRUE(has_defect(mail, "blank before a header's colon"));
}

TEST(ReadingHeader, AnMboxLineAboveItIsSkipped) {
  const Reading mail =
      read_letter("From a@example.org Mon Nov 23 01:30:26 2026\nSubject: hello\n\nx\n");
  EXPECT_EQ(mail.subject, "hello");
  EXPECT_TRUE(has_defect(mail, "first line is no header"));
}

TEST(ReadingHeader, AJunkFirstLineIsSkipped) {
  const Reading mail =
      read_letter("this is no header at all\nFrom: a@example.org\nSubject: hello\n\nx\n");
  EXPECT_EQ(mail.subject, "hello");
  EXPECT_EQ(mail.text, "x\n");
  EXPECT_TRUE(has_defect(mail, "first line is no header"));
}

TEST(ReadingHeader, AnUnfoldedBlockInsideOfItHidesNothingBehindIt) {
  const Reading mail = read_letter(
      "X-Junk: AAAA\nQUJDREVGR0hJSktMTU5PUA==\nQUJDREVGR0hJSktMTU5PUA==\n"
      "From: a@example.org\nSubject: still here\n\nbody\n");
  EXPECT_EQ(mail.subject, "still here");
  EXPECT_EQ(mail.text, "body\n");
  EXPECT_TRUE(has_defect(mail, "junk line in the header"));
}

TEST(ReadingHeader, WithoutABlankLineTheTextIsNotLost) {
  const Reading mail = read_letter("From: a@example.org\nSubject: hello\nDear all,\nit drips.\n");
  EXPECT_EQ(mail.subject, "hello");
  EXPECT_EQ(mail.text, "Dear all,\nit drips.\n");
  EXPECT_TRUE(has_defect(mail, "no blank line between header and body"));
}

TEST(ReadingHeader, AMailWithoutAnyIsAllText) {
  const Reading mail = read_letter("Hello,\n\nI only write text.\n");
  EXPECT_EQ(mail.text, "Hello,\n\nI only write text.\n");
  EXPECT_TRUE(has_defect(mail, "no header"));
  EXPECT_FALSE(mail.opaque);
}

TEST(ReadingHeader, OfTwoFromFieldsTheOneWithAnAddressCounts) {
  const Reading mail = read_letter("From: garbage without sense\nFrom: Bo <bo@example.org>\n\nx\n");
  EXPECT_THAT(mail.from, ElementsAre(Address{"Bo", "bo@example.org"}));
  EXPECT_TRUE(has_defect(mail, "more than one from"));
}

TEST(ReadingHeader, SeveralToFieldsAreOneList) {
  const Reading mail =
      read_letter("From: a@example.org\nTo: b@example.org\nTo: c@example.org\n\nx\n");
  EXPECT_THAT(mail.to, ElementsAre(Address{"", "b@example.org"}, Address{"", "c@example.org"}));
}

TEST(ReadingHeader, SenderStandsInForAMissingFrom) {
  const Reading mail = read_letter("Sender: bo@example.org\nSubject: x\n\nx\n");
  EXPECT_THAT(mail.from, ElementsAre(Address{"", "bo@example.org"}));
  EXPECT_TRUE(has_defect(mail, "no From"));
}

TEST(ReadingHeader, RawEightBitBytesAreReadInTheCharsetOfTheText) {
  const Reading mail = read_letter(
      "From: a@example.org\nSubject: \xB2\xE2\xCA\xD4\nContent-Type: text/plain; "
      "charset=gb2312\n\nx\n");
  EXPECT_EQ(mail.subject, "测试");
  EXPECT_TRUE(has_defect(mail, "raw 8-bit header"));
}

TEST(ReadingHeader, RawUtf8NeedsNoLabel) {
  const Reading mail = read_letter("From: Åsa <asa@example.org>\nSubject: smörgås\n\nx\n");
  EXPECT_EQ(mail.subject, "smörgås");
  EXPECT_EQ(mail.from.at(0).name, "Åsa");
}

TEST(ReadingHeader, ADecodedLineEndDoesNotInjectAField) {
  const Reading mail = read_letter(
      "From: a@example.org\nSubject: =?utf-8?Q?hello=0D=0ABcc:_spy@example.org?=\n\nx\n");
  EXPECT_EQ(mail.subject, "hello  Bcc: spy@example.org");
}

TEST(ReadingHeader, AMessageIdWithoutBracketsIsOne) {
  EXPECT_EQ(read_letter("Message-ID: plain@example.org\n\nx\n").message_id, "plain@example.org");
}

TEST(ReadingHeader, ADateThatIsNoneIsADefect) {
  const Reading mail = read_letter("From: a@example.org\nDate: yesterday evening\n\nx\n");
  EXPECT_FALSE(mail.date.has_value());
  EXPECT_TRUE(has_defect(mail, "Date cannot be read"));
}

TEST(ReadingHeader, BareCarriageReturnsAsLineEndsAreBorne) {
  const Reading mail = read("From: a@example.org\rSubject: old mac\r\rhello\rthere\r");
  EXPECT_EQ(mail.subject, "old mac");
  EXPECT_EQ(mail.text, "hello\nthere\n");
  EXPECT_TRUE(has_defect(mail, "lines end in bare CR"));
}

TEST(ReadingHeader, BareCarriageReturnsAreBorneAlsoBeforeALastLineFeed) {
  const Reading mail = read("From: a@example.org\rSubject: old mac\r\rhello\rthere\r\n");
  EXPECT_EQ(mail.subject, "old mac");
  EXPECT_EQ(mail.text, "hello\nthere\n");
}

TEST(ReadingHeader, BareLineFeedsAreBorne) {
  const Reading mail = read("From: a@example.org\nSubject: unix\n\nhello\n");
  EXPECT_EQ(mail.subject, "unix");
  EXPECT_EQ(mail.text, "hello\n");
}

TEST(ReadingHeader, ABareCarriageReturnInsideAFieldDoesNotEndIt) {
  EXPECT_EQ(read("Subject: one\rTo: two\r\n\r\nx").subject, "one To: two");
}

TEST(ReadingHeader, NulInAFieldDoesNotCutIt) {
  const std::string raw("Subject: one\0two\r\n\r\nx", 21);
  EXPECT_EQ(read(raw).subject, "onetwo");
}

TEST(ReadingHeader, AFieldOver64KiBIsCutAndSaid) {
  const std::string to = repeated("someone@example.org, ", 7000);
  const Reading mail =
      read_letter("From: a@example.org\nTo: " + to + "last@example.org\nSubject: s\n\nx\n");
  EXPECT_EQ(mail.subject, "s");
  EXPECT_GT(mail.to.size(), 3000U);
  EXPECT_LT(mail.to.size(), 3200U);
  EXPECT_TRUE(has_defect(mail, "header field over 64 KiB"));
}

TEST(ReadingHeader, FieldsBehind256KiBAreNotRead) {
  const std::string filler = repeated("X-Filler: " + std::string(990, 'f') + "\n", 300);
  const Reading mail =
      read_letter("Subject: before\n" + filler + "From: late@example.org\n\nbody\n");
  EXPECT_EQ(mail.subject, "before");
  EXPECT_THAT(mail.from, IsEmpty());
  EXPECT_EQ(mail.text, "body\n");
  EXPECT_TRUE(has_defect(mail, "header block over 256 KiB"));
}

}  // namespace
}  // namespace beredd::mail
