#include "plain_text.h"

#include "charset.h"
#include "file_name.h"
#include "letters.h"

#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

TEST(LineFeeds, ReplaceEveryOtherLineEnd) {
  EXPECT_EQ(with_line_feeds("a\r\nb\rc\nd\r\n\r\r\n"), "a\nb\nc\nd\n\n\n");
  EXPECT_EQ(with_line_feeds("\r"), "\n");
  EXPECT_EQ(with_line_feeds("none"), "none");
  EXPECT_EQ(with_line_feeds(""), "");
}

TEST(Unflow, JoinsWhatFlowsAndUnstuffs) {
  EXPECT_EQ(unflow("a \nb \nc\nd\n", false), "a b c\nd\n");
  EXPECT_EQ(unflow(" >not quoted\n From x\n", false), ">not quoted\nFrom x\n");
}

TEST(Unflow, DoesNotJoinAcrossDepthsOrIntoASignature) {
  EXPECT_EQ(unflow("a \n> b\n", false), "a \n> b\n");
  EXPECT_EQ(unflow("a \n-- \nb\n", false), "a \n-- \nb\n");
}

TEST(Unflow, EndsALineThatFlowsIntoNothing) { EXPECT_EQ(unflow("a \n", false), "a \n"); }

TEST(BlankText, KnowsBlanksThatAreNotAscii) {
  EXPECT_TRUE(is_blank_text(""));
  EXPECT_TRUE(is_blank_text(" \t\n\xC2\xA0\xE2\x80\x8B\xEF\xBB\xBF\xE3\x80\x80"));
  EXPECT_FALSE(is_blank_text(" \xC2\xA1"));
  EXPECT_FALSE(is_blank_text("\xC2"));
}

TEST(FileName, KeepsLetters) {
  EXPECT_EQ(safe_file_name("Räkning åäö 使って.pdf"), "Räkning åäö 使って.pdf");
}

TEST(FileName, HasNoPathNoControlsAndNoLeadingDot) {
  EXPECT_EQ(safe_file_name("/etc/passwd"), "_etc_passwd");
  EXPECT_EQ(safe_file_name("C:\\dir\\x.txt"), "C:_dir_x.txt");
  EXPECT_EQ(safe_file_name("..hidden"), "hidden");
  EXPECT_EQ(safe_file_name(" . .x"), "x");
  EXPECT_EQ(safe_file_name("a\x01\x7F\nb\xC2\x85"
                           "c"),
            "abc");
  EXPECT_EQ(safe_file_name("..."), "");
  EXPECT_EQ(safe_file_name("\n.x"), "x");
}

TEST(FileName, HasNoMarksThatTurnItAround) {
  EXPECT_EQ(safe_file_name("a\xE2\x80\xAEgpj.exe"), "agpj.exe");
  EXPECT_EQ(safe_file_name("\xE2\x81\xA6"
                           ".x\xE2\x80\x8F"),
            "x");
  EXPECT_EQ(safe_file_name("a\xE2\x80\x93z"), "a–z");
}

TEST(FileName, IsCutBetweenCharactersAndKeepsItsExtension) {
  const std::string name = safe_file_name(repeated("å", 300) + ".pdf");
  EXPECT_EQ(name, repeated("å", 98) + ".pdf");
  EXPECT_EQ(safe_file_name(repeated("å", 300)), repeated("å", 100));
  EXPECT_EQ(safe_file_name("a" + repeated("å", 300)).size(), 199U);
  EXPECT_EQ(safe_file_name(repeated("a", 199) + " b"), repeated("a", 199));
}

TEST(Charset, LabelsMeanWhatSendersMeanByThem) {
  EXPECT_EQ(decode_charset("\x80", "ISO-8859-1").text, "€");
  EXPECT_EQ(decode_charset("\x80", "'latin1'").text, "€");
  EXPECT_EQ(decode_charset("\x80", "us-ascii (Plain text)").text, "€");
  EXPECT_EQ(decode_charset("\x87\x40", "shift_jis").text, "①");
  EXPECT_EQ(decode_charset("\xB0\xA1", "ks_c_5601-1987").text, "가");
  EXPECT_EQ(decode_charset("+APY-", "unicode-1-1-utf-7").text, "ö");
  EXPECT_EQ(decode_charset("\x1B$B$\"\x1B(B", "iso-2022-jp").text, "あ");
}

TEST(Charset, LabelsThatArePathsOpenNothing) {
  for (const std::string_view label :
       {"../../etc/passwd", "/dev/zero", "a,version=1", "", "%s%n"}) {
    EXPECT_EQ(decode_charset("abc", label).text, "abc") << label;
  }
}

TEST(Charset, LongTextIsConvertedInPieces) {
  const std::string text = decode_charset(repeated("\xE5", 100'000), "iso-8859-15").text;
  EXPECT_EQ(text, repeated("å", 100'000));
}

TEST(Charset, AsciiIsKnownAtEveryLength) {
  for (std::size_t size = 0; size < 40; ++size) {
    std::string text(size, 'a');
    EXPECT_TRUE(is_ascii(text));
    if (size == 0) continue;
    text.back() = '\x80';
    EXPECT_FALSE(is_ascii(text)) << size;
  }
}

}  // namespace
}  // namespace beredd::mail
