// Mail that wants to hurt its reader: nothing here may crash, and none of it may take long.

#include "letters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr std::size_t kMuch = 4 * 1024 * 1024;

TEST(Hostile, ManyPartsStopAtTheCap) {
  const std::string raw =
      crlf("Content-Type: multipart/mixed; boundary=b\n\n" +
           repeated("--b\nContent-Type: image/png\n\nx\n", 100'000) + "--b--\n");
  const Reading mail = read(raw);
  EXPECT_THAT(mail.attachments, SizeIs(4999));
  EXPECT_TRUE(has_defect(mail, "more than 5,000 parts"));
}

TEST(Hostile, DeepNestingStopsAtTheCap) {
  std::string raw;
  for (int level = 0; level < 10'000; ++level) {
    const std::string boundary = "b" + std::to_string(level);
    raw += "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n--" + boundary + "\n";
  }
  const Reading mail = read_letter(raw + "\nthe bottom\n");
  EXPECT_TRUE(has_defect(mail, "nested more than 50 deep"));
  ASSERT_THAT(mail.attachments, SizeIs(1));
  EXPECT_EQ(mail.attachments[0].type, "multipart/mixed");
}

TEST(Hostile, DeepForwardingIsNotFollowed) {
  const Reading mail = read_letter(repeated("Content-Type: message/rfc822\n\n", 100'000));
  EXPECT_THAT(mail.attachments, SizeIs(1));
}

TEST(Hostile, NestingUnderTheCapIsRead) {
  std::string raw;
  for (int level = 0; level < 49; ++level) {
    const std::string boundary = "level-" + std::to_string(level) + "-";
    raw += "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n--" + boundary + "\n";
  }
  const Reading mail = read_letter(raw + "\nthe bottom\n");
  EXPECT_EQ(mail.text, "the bottom\n");
}

TEST(Hostile, AHugeFieldIsLinear) {
  const Reading mail = read_letter("Subject: " + std::string(2 * kMuch, 'a') + "\n\nx\n");
  EXPECT_EQ(mail.subject.size(), 64U * 1024 - 1);
  EXPECT_EQ(mail.text, "x\n");
}

TEST(Hostile, JunkLinesInAHeaderAreLinear) {
  const Reading mail =
      read_letter(repeated("junk without end\n", 200'000) + "From: a@example.org\n\nx\n");
  EXPECT_FALSE(mail.opaque);
}

TEST(Hostile, ManyPartsOfJunkHeadersAreLinear) {
  const Reading mail = read_letter("Content-Type: multipart/mixed; boundary=b\n\n" +
                                   repeated("--b\njunk\njunk\njunk\n", 50'000));
  EXPECT_FALSE(mail.opaque);
}

TEST(Hostile, MarksThatNeverCloseAreLinearInAddresses) {
  for (const std::string_view mark :
       {"(", "\"", "<", "=?", "=?a?q?", ",", "a@", ":", "((", "\\(", "=?a?q?x"}) {
    const Reading mail = read_letter("From: " + repeated(mark, 60'000 / mark.size()) + "\n\nx\n");
    EXPECT_EQ(mail.text, "x\n") << mark;
  }
}

TEST(Hostile, MarksThatNeverCloseAreLinearInSubjects) {
  for (const std::string_view mark :
       {"=?", "=?a?q?", "=?utf-8?b?=?", "re:", "[", "re[", "=?a?q?x?", "?="}) {
    const Reading mail =
        read_letter("Subject: " + repeated(mark, 60'000 / mark.size()) + "\n\nx\n");
    EXPECT_EQ(mail.text, "x\n") << mark;
  }
}

TEST(Hostile, MarksThatNeverCloseAreLinearInParameters) {
  for (const std::string_view mark :
       {"a=b;", "a*0=", "(", ";", "\"", "=", "a b=", "name*1*=%41;", " ", "a=\""}) {
    const Reading mail = read_letter("Content-Type: text/plain; " +
                                     repeated(mark, 60'000 / mark.size()) + "\n\nx\n");
    EXPECT_FALSE(mail.opaque) << mark;
  }
}

// Less of it: under AddressSanitizer each error of the parser costs two microseconds.
constexpr std::size_t kMuchHtml = kMuch / 8;

TEST(Hostile, MarksThatNeverCloseAreLinearInHtml) {
  for (const std::string_view mark :
       {"<", "<!--", "<a", "<a href=\"", "&", "&amp", "<script>", "<blockquote>", "</", "<pre>",
        "<a href='x'>", "<td>", "<br>", "<!", "<style></x", "<a =\"><b ='>"}) {
    const Reading mail =
        read_letter("Content-Type: text/html\n\n" + repeated(mark, kMuchHtml / mark.size()));
    EXPECT_FALSE(mail.opaque) << mark;
  }
}

TEST(Hostile, OneEndFarAwayIsLinearInHtml) {
  for (const std::string_view mark : {"<a", "<!--", "<script", "<a href=\""}) {
    const Reading mail = read_letter("Content-Type: text/html\n\n" +
                                     repeated(mark, kMuchHtml / mark.size()) + "\">-->");
    EXPECT_FALSE(mail.opaque) << mark;
  }
}

TEST(Hostile, AFiftyMegabyteAttachmentIsReadWhole) {
  constexpr std::size_t kSize = 50U * 1000 * 1000;
  const std::string line = repeated("QUJD", 19) + "\r\n";
  const std::string raw = crlf(
                              "Content-Type: application/zip; name=a.zip\n"
                              "Content-Transfer-Encoding: base64\n\n") +
                          repeated(line, kSize / 57);
  const Reading mail = read(raw);
  ASSERT_EQ(mail.attachments.size(), 1U);
  EXPECT_EQ(mail.attachments[0].size, base::Bytes(kSize / 57 * 57));
}

TEST(Hostile, HundredThousandAttributesAndElementsAreBorne) {
  std::string page = "<a";
  for (int i = 0; i < 5000; ++i) page += " a" + std::to_string(i) + "=1";
  page += ">x</a>";
  for (int i = 0; i < 100'000; ++i) page += "<x" + std::to_string(i) + "/>";
  EXPECT_FALSE(read_letter("Content-Type: text/html\n\n" + page + "end").text.empty());
}

TEST(Hostile, EndsWithoutBeginningsAreLinearInHtml) {
  const std::string page = repeated("<div>", 240) + repeated("</b>", kMuchHtml / 4) + "end";
  EXPECT_EQ(read_letter("Content-Type: text/html\n\n" + page).text, "end\n");
}

TEST(Hostile, OneLineOfManyMegabytesIsText) {
  const Reading mail = read_letter("Subject: x\n\n" + std::string(kMuch, 'a'));
  EXPECT_EQ(mail.text.size(), kMuch);
}

TEST(Hostile, OfATextThatNobodyReadsToItsEndTheBeginningIsShown) {
  const Reading mail = read_letter("Subject: x\nContent-Type: text/plain; charset=utf-8\n\nx" +
                                   repeated("\xC3\xA5", 3 * 1024 * 1024));
  EXPECT_EQ(mail.text.size(), 4 * 1024 * 1024 - 1) << "no letter is cut in two";
  EXPECT_EQ(mail.new_text, mail.text);
  EXPECT_THAT(mail.defects, testing::Contains("text over 4 MiB, only its beginning is shown"));
}

TEST(Hostile, ManyEmptyLinesAreText) {
  const Reading mail = read_letter("Subject: x\nContent-Type: text/plain; format=flowed\n\n" +
                                   repeated("\n", kMuch));
  EXPECT_EQ(mail.text.size(), kMuch);
}

TEST(Hostile, QuotedLinesWithoutEndAreLinear) {
  const Reading mail = read_letter("Subject: x\n\n" + repeated("> \nFrom: a wrote:\n", 100'000));
  EXPECT_LE(mail.new_text.size(), mail.text.size());
}

TEST(Hostile, DashesWithoutEndAreNoBoundaries) {
  const Reading mail = read_letter("Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" +
                                   repeated("--\n", kMuch / 4));
  EXPECT_TRUE(mail.text.starts_with("--\n--\n"));
}

TEST(Hostile, ManyReferencesAreReadUpToABound) {
  std::string value;
  for (int i = 0; i < 5000; ++i) value += " <" + std::to_string(i) + "@x>\n";
  const Reading mail = read_letter("References:" + value + "\nx\n");
  EXPECT_THAT(mail.references, SizeIs(1000));
}

TEST(Hostile, EveryByteAloneIsAMail) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string raw(1, static_cast<char>(byte));
    const Reading mail = read(raw);
    EXPECT_TRUE(base::is_utf8(mail.text)) << byte;
  }
}

TEST(Hostile, EveryPrefixOfAMailIsAMail) {
  const std::string whole = crlf(
      "From: =?utf-8?B?w4U=?= <a@example.org>\nSubject: =?iso-8859-1?Q?=E5?=\n"
      "Content-Type: multipart/mixed;\n boundary=\"b\"\n\n--b\nContent-Type: text/html;\n "
      "charset=utf-8\n"
      "Content-Transfer-Encoding: quoted-printable\n\n<p>=C3=A5</p>\n"
      "--b\nContent-Disposition: attachment; filename*0*=utf-8''%C3%A5;\n filename*1=.txt\n"
      "Content-Transfer-Encoding: base64\n\nQUJD\n--b--\n");
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const Reading mail = read(std::string_view(whole).substr(0, size));
    EXPECT_TRUE(base::is_utf8(mail.text + mail.subject)) << size;
    for (const Attachment& one : mail.attachments) {
      EXPECT_TRUE(part_bytes(std::string_view(whole).substr(0, size), one.index).ok()) << size;
    }
  }
}

}  // namespace
}  // namespace beredd::mail
