#include "charset_name.h"

#include "charset.h"
#include "letters.h"

#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

TEST(CharsetName, SpellingsOfOneAreOne) {
  for (const std::string_view label :
       {"iso-8859-1", "ISO_8859-1", "iso88591", "ISO8859_1", "\"iso-8859-1\"", "latin1", "Latin-1",
        "us-ascii", "ANSI_X3.4-1968", "cp1252", "CP-1252", "win-1252", "Windows1252", "x-cp1252",
        "windows-1252", " ISO-8859-1 (Latin)", "iso-8859-1;"}) {
    EXPECT_EQ(meant_by(label), "windows-1252") << label;
  }
}

TEST(CharsetName, SupersetsStandForStandards) {
  EXPECT_EQ(meant_by("gb2312"), "gb18030");
  EXPECT_EQ(meant_by("ks_c_5601-1987"), "windows-949");
  EXPECT_EQ(meant_by("Shift_JIS"), "windows-31j");
  EXPECT_EQ(meant_by("iso-8859-9"), "windows-1254");
  EXPECT_EQ(meant_by("iso-8859-11"), "windows-874");
  EXPECT_EQ(meant_by("utf8"), "utf-8");
  EXPECT_EQ(meant_by("UTF8MB4"), "utf-8");
  EXPECT_EQ(meant_by("koi8-r"), "koi8-r");
}

TEST(CharsetName, LabelsThatNameNothingAreEmpty) {
  for (const std::string_view label : {"", "x-unknown", "unknown-8bit", "8BIT", "default", "?"}) {
    EXPECT_EQ(meant_by(label), "") << label;
  }
}

TEST(CharsetName, IconvIsAskedOnlyOfWhatItIsKnownFor) {
  EXPECT_TRUE(is_of_iconv("viscii"));
  EXPECT_FALSE(is_of_iconv("utf-8//translit"));
  EXPECT_FALSE(is_of_iconv("no-such-charset"));
}

TEST(Charset, OfIconvIsConverted) {
  EXPECT_EQ(decode_charset("Vi\xAEt Nam", "VISCII").text, "Việt Nam");
  EXPECT_EQ(decode_charset("\x67\x7D\x72\x64\x65", "SEN_850200_B").text, "gårde");
  EXPECT_EQ(decode_charset("\xAA\xBA\xFE", "ISO-8859-16").text, "Șșț");
  EXPECT_EQ(decode_charset("a\xFF\xFF", "armscii-8").label, Label::held);
}

TEST(Charset, OfIconvIsConvertedInPieces) {
  const std::string bytes = repeated("Vi\xAEt Nam ", 20000);
  EXPECT_EQ(decode_charset(bytes, "viscii").text, repeated("Việt Nam ", 20000));
}

TEST(Charset, Utf8UnderTheLabelOfAnotherIsKnown) {
  for (const std::string_view label :
       {"koi8-r", "windows-1251", "iso-8859-2", "iso-8859-15", "us-ascii"}) {
    const Decoded text = decode_charset("Räksmörgås på svenska", label);
    EXPECT_EQ(text.text, "Räksmörgås på svenska") << label;
    EXPECT_EQ(text.label, Label::lied) << label;
  }
}

TEST(Charset, OneLongCharacterProvesNothing) {
  EXPECT_EQ(decode_charset("\xD0\x9F", "koi8-r").text, "п÷");
}

TEST(Charset, PlainTextUnderAWideLabelIsKnown) {
  EXPECT_EQ(decode_charset("plain", "utf-16").text, "plain");
  EXPECT_EQ(decode_charset("plain", "unicode").label, Label::lied);
  EXPECT_EQ(decode_charset(std::string_view("p\0l\0", 4), "utf-16le").text, "pl");
}

TEST(Charset, EveryByteInEveryCharsetIsText) {
  std::string all;
  for (int i = 1; i < 256; ++i) all.push_back(static_cast<char>(i));
  for (const std::string_view label :
       {"viscii",      "tcvn",   "koi8-t",           "georgian-ps", "johab",      "iso_6937",
        "t.61-8bit",   "tscii",  "shift_jisx0213",   "utf-7",       "hz-gb-2312", "iso-2022-kr",
        "iso-2022-cn", "utf-16", "utf-32",           "macintosh",   "ibm850",     "scsu",
        "bocu-1",      "cesu-8", "imap-mailbox-name"}) {
    EXPECT_FALSE(decode_charset(all, label).text.empty()) << label;
  }
}

}  // namespace
}  // namespace beredd::mail
