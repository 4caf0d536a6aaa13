#include "transfer.h"

#include <string>

#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

std::string base64(std::string_view text, Damage* damage = nullptr) {
  return decoded(text, Transfer::base64, damage);
}
std::string printable(std::string_view text, Damage* damage = nullptr) {
  return decoded(text, Transfer::quoted_printable, damage);
}

TEST(TransferNamed, BearsCaseBlanksQuotesAndComments) {
  EXPECT_EQ(transfer_named(" Base64 "), Transfer::base64);
  EXPECT_EQ(transfer_named("\"base64\""), Transfer::base64);
  EXPECT_EQ(transfer_named("base64 (really)"), Transfer::base64);
  EXPECT_EQ(transfer_named("QUOTED-PRINTABLE;"), Transfer::quoted_printable);
  EXPECT_EQ(transfer_named("x-uuencode"), Transfer::uuencode);
  EXPECT_EQ(transfer_named(""), Transfer::identity);
  EXPECT_EQ(transfer_named("8BIT"), Transfer::identity);
  EXPECT_EQ(transfer_named("zip"), Transfer::unknown);
}

TEST(Base64, DecodesTheVectorsOfRfc4648) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("Zg=="), "f");
  EXPECT_EQ(base64("Zm8="), "fo");
  EXPECT_EQ(base64("Zm9v"), "foo");
  EXPECT_EQ(base64("Zm9vYg=="), "foob");
  EXPECT_EQ(base64("Zm9vYmE="), "fooba");
  EXPECT_EQ(base64("Zm9vYmFy"), "foobar");
}

TEST(Base64, LineEndsAreNoDamage) {
  Damage damage = Damage::repaired;
  EXPECT_EQ(base64("Zm9v\r\nYm\r\nFy\r\n", &damage), "foobar");
  EXPECT_EQ(damage, Damage::none);
}

TEST(Base64, MissingPaddingIsRepaired) {
  Damage damage = Damage::none;
  EXPECT_EQ(base64("Zm9vYg", &damage), "foob");
  EXPECT_EQ(damage, Damage::repaired);
}

TEST(Base64, JunkIsSkipped) {
  Damage damage = Damage::none;
  EXPECT_EQ(base64("Zm|9v*Ym\xFF"
                   "Fy",
                   &damage),
            "foobar");
  EXPECT_EQ(damage, Damage::repaired);
}

TEST(Base64, GoesOnBehindPaddingInTheMiddle) { EXPECT_EQ(base64("Zg==Zm8=\r\nZm9v"), "ffofoo"); }

TEST(Base64, ASingleLeftDigitYieldsNothing) {
  Damage damage = Damage::none;
  EXPECT_EQ(base64("Zm9vY", &damage), "foo");
  EXPECT_EQ(damage, Damage::repaired);
}

TEST(Base64, AgreesWithItselfAtEveryPieceBoundary) {
  // Around 48 KiB of output the decoder hands its piece over.
  for (std::size_t quads = 16380; quads < 16390; ++quads) {
    std::string encoded;
    for (std::size_t i = 0; i < quads; ++i) encoded += i % 19 == 18 ? "QUJD\r\n" : "QUJD";
    const std::string out = base64(encoded);
    ASSERT_EQ(out.size(), quads * 3);
    EXPECT_EQ(out.substr(out.size() - 3), "ABC");
  }
}

TEST(QuotedPrintable, DecodesEscapesInAnyCase) {
  EXPECT_EQ(printable("=C3=b6=41"),
            "\xC3\xB6"
            "A");
}

TEST(QuotedPrintable, JoinsSoftLineBreaks) {
  EXPECT_EQ(printable("one=\r\ntwo= \t\r\nthree=\nfour"), "onetwothreefour");
}

TEST(QuotedPrintable, DropsBlanksAtTheEndOfALine) {
  EXPECT_EQ(printable("one  \t\r\ntwo =20\r\n"), "one\r\ntwo  \r\n");
}

TEST(QuotedPrintable, KeepsWhatIsNoEscape) {
  Damage damage = Damage::none;
  EXPECT_EQ(printable("1=2, =G1, =4", &damage), "1=2, =G1, =4");
  EXPECT_EQ(damage, Damage::repaired);
}

TEST(QuotedPrintable, KeepsTheKindOfLineEnd) { EXPECT_EQ(printable("a\nb\r\nc"), "a\nb\r\nc"); }

TEST(Uuencode, NeedsNoBeginLine) {
  EXPECT_EQ(decoded(",2&5L;&\\@=V]R;&0A\r\n`\r\n", Transfer::uuencode), "Hello world!");
}

TEST(Uuencode, ALineThatIsTooShortIsFilledUp) {
  EXPECT_EQ(decoded("#86\r\n", Transfer::uuencode).size(), 3U);
}

TEST(Identity, IsHandedOverAsItStands) {
  EXPECT_EQ(decoded("a=41\r\n", Transfer::identity), "a=41\r\n");
}

}  // namespace
}  // namespace beredd::mail
