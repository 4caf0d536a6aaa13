#include "letters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Reading with_body(std::string_view type, std::string_view encoding, std::string_view body) {
  return read_letter("From: a@example.org\nContent-Type: " + std::string(type) +
                     "\nContent-Transfer-Encoding: " + std::string(encoding) + "\n\n" +
                     std::string(body));
}

TEST(ReadingText, QuotedPrintableIsDecoded) {
  const Reading mail =
      with_body("text/plain; charset=iso-8859-1", "quoted-printable", "sm=F6rg=E5=\ns\n");
  EXPECT_EQ(mail.text, "smörgås\n");
  EXPECT_THAT(mail.defects, IsEmpty());
}

TEST(ReadingText, Base64IsDecoded) {
  EXPECT_EQ(with_body("text/plain; charset=utf-8", "BASE64 ", "c23DtnI=\n").text, "smör");
}

TEST(ReadingText, WindowsCharactersUnderALatinLabelAreRead) {
  EXPECT_EQ(with_body("text/plain; charset=iso-8859-1", "8bit", "\x93quote\x94 \x80 5\n").text,
            "“quote” € 5\n");
}

TEST(ReadingText, Gb2312HoldingGbkIsRead) {
  EXPECT_EQ(with_body("text/plain; charset=gb2312", "8bit", "\x96\x7C\n").text, "東\n");
}

TEST(ReadingText, ShiftJisUnderAnIso2022LabelIsRead) {
  const Reading mail =
      with_body("text/plain; charset=iso-2022-jp", "8bit", "\x83\x63\x81\x5B\x83\x8B\n");
  EXPECT_EQ(mail.text, "ツール\n");
  EXPECT_TRUE(has_defect(mail, "text is not in the charset it names"));
}

TEST(ReadingText, AnUnknownCharsetIsGuessed) {
  const Reading utf8 = with_body("text/plain; charset=x-martian", "8bit", "smörgås\n");
  EXPECT_EQ(utf8.text, "smörgås\n");
  EXPECT_TRUE(has_defect(utf8, "unknown charset"));
  EXPECT_EQ(with_body("text/plain; charset=x-martian", "8bit", "sm\xF6r\n").text, "smör\n");
}

TEST(ReadingText, Utf8UnderALatinLabelIsNotReadTwice) {
  const Reading mail = with_body("text/plain; charset=iso-8859-1", "8bit", "smörgås\n");
  EXPECT_EQ(mail.text, "smörgås\n");
  EXPECT_TRUE(has_defect(mail, "text is not in the charset it names"));
}

TEST(ReadingText, LatinUnderAUtf8LabelIsRead) {
  EXPECT_EQ(with_body("text/plain; charset=utf-8", "8bit", "sm\xF6rg\xE5s p\xE5 bordet\n").text,
            "smörgås på bordet\n");
}

TEST(ReadingText, OneBrokenCharacterDoesNotSpoilUtf8) {
  EXPECT_EQ(with_body("text/plain; charset=utf-8", "8bit", "smörgås på\xC3 bordet\n").text,
            "smörgås på\xEF\xBF\xBD bordet\n");
}

TEST(ReadingText, NulIsLeftOut) {
  const std::string body("a\0b\r\n", 5);
  EXPECT_EQ(read("Subject: x\r\n\r\n" + body).text, "ab\n");
}

TEST(ReadingText, BareCarriageReturnsBecomeLineFeeds) {
  EXPECT_EQ(read("Subject: x\r\n\r\none\rtwo\r\nthree").text, "one\ntwo\nthree");
}

TEST(ReadingText, FlowedLinesAreJoined) {
  const Reading mail =
      with_body("text/plain; format=flowed", "7bit",
                "It drips from the \nupper pipe.\n> Does it \n> drip?\n-- \nAnna\n");
  EXPECT_EQ(mail.text, "It drips from the upper pipe.\n> Does it drip?\n-- \nAnna\n");
}

TEST(ReadingText, FlowedLinesLoseTheirSpaceWhereAsked) {
  EXPECT_EQ(with_body("text/plain; format=flowed; delsp=yes", "7bit", "Donau \ndampf\n").text,
            "Donaudampf\n");
}

TEST(ReadingText, HtmlAloneIsRendered) {
  const Reading mail =
      with_body("text/html; charset=utf-8", "8bit",
                "<html><head><style>p{}</style></head><body><p>Hello <b>Anna</b>,</p>"
                "<p>see <a href=\"https://example.org/x\">this</a></p></body></html>\n");
  EXPECT_EQ(mail.text, "Hello Anna,\n\nsee this <https://example.org/x>\n");
}

TEST(ReadingText, TheCharsetOfAPageWithoutALabelIsItsOwn) {
  const Reading mail =
      with_body("text/html", "8bit", "<meta charset=\"koi8-r\"><p>\xEE\xC5\xD4</p>\n");
  EXPECT_EQ(mail.text, "Нет\n");
}

TEST(ReadingText, DamagedBase64GivesWhatIsLeft) {
  const Reading mail = with_body("text/plain", "base64", "aGVsbG8*gd29ybGQ\n");
  EXPECT_EQ(mail.text, "hello world");
  EXPECT_TRUE(has_defect(mail, "damaged transfer encoding"));
}

TEST(ReadingText, AnUnknownEncodingIsShownAsItStands) {
  const Reading mail = with_body("text/plain", "rot13", "uryyb\n");
  EXPECT_EQ(mail.text, "uryyb\n");
  EXPECT_TRUE(has_defect(mail, "unknown transfer encoding"));
}

TEST(ReadingText, NewTextLeavesOutTheQuotation) {
  const Reading mail = read_letter(
      "From: a@example.org\n\nYes, it still does.\n\nOn Mon, 23 Nov 2026 at 10:00, Support "
      "wrote:\n> Does it drip?\n");
  EXPECT_THAT(mail.text, HasSubstr("Does it drip?"));
  EXPECT_EQ(mail.new_text, "Yes, it still does.\n");
}

TEST(ReadingText, AQuotationInHtmlIsLeftOutToo) {
  const Reading mail = with_body("text/html", "7bit",
                                 "<div>Yes.</div><div>On 23 Nov 2026, Support wrote:</div>"
                                 "<blockquote type=\"cite\">Does it drip?</blockquote>\n");
  EXPECT_EQ(mail.text, "Yes.\nOn 23 Nov 2026, Support wrote:\n> Does it drip?\n");
  EXPECT_EQ(mail.new_text, "Yes.\n");
}

TEST(Opaque, IsAMailOfWhichNothingCanBeRead) {
  for (const std::string_view nothing : {"", "\r\n\r\n", " \t\r\n"}) {
    const Reading mail = read(nothing);
    EXPECT_TRUE(mail.opaque);
    EXPECT_THAT(mail.defects, ElementsAre("empty message"));
  }
}

TEST(Opaque, SaysWhyInValidUtf8) {
  const Reading mail = opaque("killed its \xFF reader");
  EXPECT_TRUE(mail.opaque);
  EXPECT_TRUE(base::is_utf8(mail.defects.at(0)));
  EXPECT_TRUE(mail.text.empty());
}

}  // namespace
}  // namespace beredd::mail
