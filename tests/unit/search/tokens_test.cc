#include "beredd/search/tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::search {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> compounds(std::string_view text) {
  std::vector<std::string> found;
  each_compound(text, [&](std::string_view compound) { found.emplace_back(compound); });
  return found;
}

std::vector<std::string> kept(std::string_view text) {
  std::vector<std::string> words;
  for (const Token& token : tokens_of_text(text)) words.push_back(token.kept);
  return words;
}

TEST(Tokens, AreRunsOfLettersAndDigits) {
  EXPECT_THAT(kept("Hello, world! Order 4711/B."),
              ElementsAre("hello", "world", "order", "4711", "b"));
}

TEST(Tokens, OfNothingAreNone) {
  EXPECT_THAT(kept(""), IsEmpty());
  EXPECT_THAT(kept(" \t\n--- ... *** €"), IsEmpty());
}

TEST(Tokens, AnAddressIsOneCompoundAndItsPartsAreTokens) {
  EXPECT_THAT(compounds("Write to <anna.berg+x@mail.example.org>, please."),
              ElementsAre("Write", "to", "anna.berg+x@mail.example.org", "please"));
  EXPECT_THAT(kept("anna.berg+x@mail.example.org"),
              ElementsAre("anna", "berg", "x", "mail", "example", "org"));
}

TEST(Tokens, ASentencesEndIsNoPartOfItsLastWord) {
  EXPECT_THAT(compounds("The end. 'Quoted' - and -dashed-"),
              ElementsAre("The", "end", "Quoted", "and", "dashed"));
}

TEST(Tokens, TwoJointsInARowHoldNothingTogether) {
  EXPECT_THAT(compounds("a--b c..d e-.f"), ElementsAre("a", "b", "c", "d", "e", "f"));
}

TEST(Tokens, AreFoldedToLowerCaseWithoutDiacritics) {
  EXPECT_THAT(kept("CAFÉ Zoë naïve Dvořák Łódź İstanbul Straße"),
              ElementsAre("cafe", "zoe", "naive", "dvorak", "lodz", "istanbul", "strasse"));
}

TEST(Tokens, KeepTheLettersOfTheNorthAndHaveAPlainForm) {
  EXPECT_EQ(fold("Ångström"), (Token{"ångström", "angstrom"}));
  EXPECT_EQ(fold("RÄKNING"), (Token{"räkning", "rakning"}));
}

TEST(Tokens, DanishAndNorwegianLettersAreTheSwedishOnes) {
  EXPECT_EQ(fold("SØRENSEN"), fold("Sörensen"));
  EXPECT_EQ(fold("Kjær"), fold("KJÄR"));
}

TEST(Tokens, ComposedAndDecomposedLettersAreTheSame) {
  EXPECT_EQ(fold("a\u030angstro\u0308m"), fold("ångström"));
  EXPECT_THAT(kept("a\u030angstro\u0308m"), ElementsAre("ångström"));
}

TEST(Tokens, CompatibilityFormsAreResolved) {
  EXPECT_THAT(kept("ﬁnal ＡＢＣ x²"), ElementsAre("final", "abc", "x2"));
}

TEST(Tokens, ASoftHyphenWithinAWordVanishes) {
  EXPECT_THAT(kept("fak\u00adtura"), ElementsAre("faktura"));
}

TEST(Tokens, GreekAndCyrillicAreFoldedToo) {
  EXPECT_THAT(kept("ΑΘΉΝΑ Привет ЙОД"), ElementsAre("αθηνα", "привет", "иод"));
}

TEST(Tokens, ScriptsWithoutSpacesAreCutIntoCharacters) {
  EXPECT_THAT(kept("東京tower"), ElementsAre("東", "京", "tower"));
  EXPECT_TRUE(tokens_of("東京").front().character);
  EXPECT_FALSE(tokens_of("tower").front().character);
}

TEST(Tokens, BytesThatAreNoUtf8PartTokens) {
  EXPECT_THAT(kept("abc\xff"
                   "def \xc3"),
              ElementsAre("abc", "def"));
}

TEST(Tokens, AreCutWhereTheyAreTooLongAndNeverWithinACharacter) {
  const std::string ascii(500, 'a');
  EXPECT_EQ(kept(ascii).front().size(), kMostTokenBytes);
  std::string north = "x";
  for (int n = 0; n < 200; ++n) north += "ö";
  const Token token = tokens_of(north).front();
  EXPECT_EQ(token.kept.size(), kMostTokenBytes - 1);
  EXPECT_TRUE(token.kept.ends_with("ö"));
}

TEST(Phrase, StandsWhereItsTokensFollowEachOther) {
  const auto phrase = tokens_of_text("late delivery");
  EXPECT_TRUE(stands_in(phrase, "About the LATE,\ndelivery of it"));
  EXPECT_FALSE(stands_in(phrase, "delivery late"));
  EXPECT_FALSE(stands_in(phrase, "late in delivery"));
  EXPECT_FALSE(stands_in(phrase, "late deliveries"));
}

TEST(Phrase, APlainLetterFindsBothAndAnAOnlyItself) {
  EXPECT_TRUE(stands_in(tokens_of_text("for sen"), "för sen leverans"));
  EXPECT_FALSE(stands_in(tokens_of_text("för sen"), "for sen leverans"));
}

}  // namespace
}  // namespace beredd::search
