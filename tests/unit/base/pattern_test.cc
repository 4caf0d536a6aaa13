#include "beredd/base/pattern.h"

#include <gtest/gtest.h>

namespace beredd::base {
namespace {

Pattern pattern(std::string_view text) {
  auto compiled = Pattern::compile(text);
  EXPECT_TRUE(compiled) << text;
  return *std::move(compiled);
}

Pattern words(std::vector<std::string> list) {
  auto compiled = Pattern::of_words(list);
  EXPECT_TRUE(compiled);
  return *std::move(compiled);
}

TEST(Pattern, FindsItsFirstGroupOrElseAllOfTheMatch) {
  EXPECT_EQ(pattern(R"([Kk]undnr\.? *(\d{4,8}))").find("Hej, kundnr. 471100 tack"), "471100");
  EXPECT_EQ(pattern(R"(K-\d+)").find("see K-12 and K-13"), "K-12");
  EXPECT_EQ(pattern(R"(K-\d+)").find("nothing"), std::nullopt);
  EXPECT_EQ(pattern(R"(x(\d*))").find("x"), std::nullopt) << "an empty group is no find";
}

TEST(Pattern, OfAllTextIsNotAPartOfIt) {
  EXPECT_TRUE(pattern("47..").is("4711"));
  EXPECT_FALSE(pattern("47..").is("47110"));
  EXPECT_TRUE(pattern("47..").in("47110"));
}

TEST(Pattern, ThatIsNoneSaysWhy) {
  const auto open = Pattern::compile("(a");
  ASSERT_FALSE(open);
  EXPECT_EQ(open.error().detail, "no pattern of RE2: missing ): (a");
  EXPECT_FALSE(Pattern::compile(""));
  EXPECT_FALSE(Pattern::compile(std::string(1001, 'a')));
  EXPECT_FALSE(Pattern::compile(R"((a)\1)")) << "no linear matcher knows back references";
}

TEST(Pattern, OfWordsIgnoresCaseBeyondAscii) {
  EXPECT_TRUE(words({"ändring"}).in("En ÄNDRING, tack"));
  EXPECT_TRUE(words({"invoice", "faktura"}).in("Faktura 12"));
}

TEST(Pattern, OfWordsTakesWholeWordsOnly) {
  EXPECT_FALSE(words({"faktura"}).in("fakturan"));
  EXPECT_FALSE(words({"rum"}).in("trådrum"));
  EXPECT_FALSE(words({"tr"}).in("trå")) << "a letter outside ASCII is no end of a word";
  EXPECT_TRUE(words({"out of order"}).in("it is out of order!"));
  EXPECT_TRUE(words({"c++"}).in("we use c++.")) << "signs of a pattern are just signs here";
}

// What takes a backtracking matcher longer than the universe has left.
TEST(Pattern, ThatIsCatastrophicElsewhereTakesLinearTimeHere) {
  const std::string text(100'000, 'a');
  EXPECT_FALSE(pattern("(a*)*b").is(text));
  EXPECT_FALSE(pattern("(a|aa)+$x").in(text));
}

TEST(Pattern, BearsTextThatIsNoUtf8) {
  EXPECT_EQ(pattern(R"(nr (\d+))").find("\xff\xfe nr 12 \xc3"), "12");
}

}  // namespace
}  // namespace beredd::base
