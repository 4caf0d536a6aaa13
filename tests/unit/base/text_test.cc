#include "beredd/base/text.h"

#include <gtest/gtest.h>

namespace beredd::base {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

TEST(Text, LowersAsciiAndNothingElse) {
  EXPECT_EQ(lower("MAIL From:<Ä@X.Z>"), "mail from:<Ä@x.z>");
  EXPECT_EQ(lower("@[`{"), "@[`{");
}

TEST(Text, ComparesIgnoringTheCaseOfAscii) {
  EXPECT_TRUE(same_ignoring_case("EHLO", "ehlo"));
  EXPECT_TRUE(same_ignoring_case("", ""));
  EXPECT_FALSE(same_ignoring_case("ehlo", "ehlo "));
  EXPECT_FALSE(same_ignoring_case("@", "`"));
  EXPECT_FALSE(same_ignoring_case("Ä", "ä"));
}

TEST(Text, TrimsBlanksAtBothEndsOnly) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \r\n"), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("\va\v"), "\va\v");
}

TEST(Text, SplitsAtEverySeparator) {
  EXPECT_EQ(split("a,b,,c", ','), (std::vector{"a"sv, "b"sv, ""sv, "c"sv}));
  EXPECT_EQ(split("", ','), std::vector{""sv});
  EXPECT_EQ(split(",", ','), (std::vector{""sv, ""sv}));
}

TEST(Utf8, TakesWellFormedSequencesUpToTheirBounds) {
  for (const std::string_view text :
       {""sv, "plain"sv, "\0"sv, "\x7f"sv, "\xc2\x80"sv, "\xdf\xbf"sv, "\xe0\xa0\x80"sv,
        "\xed\x9f\xbf"sv, "\xee\x80\x80"sv, "\xef\xbf\xbf"sv, "\xf0\x90\x80\x80"sv,
        "\xf4\x8f\xbf\xbf"sv, "a long run of ASCII and then \xe2\x82\xac"sv}) {
    EXPECT_TRUE(is_utf8(text)) << for_terminal(text);
    EXPECT_EQ(to_utf8(text), text);
  }
}

TEST(Utf8, ReplacesEachIllFormedPieceOnce) {
  struct Row {
    std::string_view raw;
    std::string_view mended;
  };
  constexpr Row kTable[] = {
      {"\x80", "\uFFFD"},                                // a continuation alone
      {"\xc0\xaf", "\uFFFD\uFFFD"},                      // overlong
      {"\xe0\x80\xaf", "\uFFFD\uFFFD\uFFFD"},            // overlong
      {"\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD"},            // a surrogate
      {"\xf4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},  // above U+10FFFF
      {"\xf5", "\uFFFD"},
      {"\xff\xfe", "\uFFFD\uFFFD"},
      {"a\xe2\x82z", "a\uFFFDz"},  // cut short: one piece
      {"\xf0\x9f\x98", "\uFFFD"},
      {"caf\xe9 au lait", "caf\uFFFD au lait"},  // Latin-1
      {"\xf1\x80\x80\xe1\x80\xc2 b", "\uFFFD\uFFFD\uFFFD b"},
  };
  for (const Row& row : kTable) {
    EXPECT_FALSE(is_utf8(row.raw)) << for_terminal(row.raw);
    EXPECT_EQ(to_utf8(row.raw), row.mended) << for_terminal(row.raw);
    EXPECT_TRUE(is_utf8(to_utf8(row.raw)));
  }
}

TEST(Utf8, FindsABadByteAtEveryPlaceOfALongText) {
  const std::string good(40, 'a');
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = '\xff';
    EXPECT_FALSE(is_utf8(bad)) << i;
    EXPECT_EQ(to_utf8(bad).size(), good.size() + 2) << i;
  }
}

TEST(ForTerminal, ShowsWhatWouldMoveTheCursor) {
  EXPECT_EQ(for_terminal("a\nb\tc\rd"), "a\\nb\\tc\\rd");
  EXPECT_EQ(for_terminal("\x1b[31mred\x1b[0m"), "\\x1b[31mred\\x1b[0m");
  EXPECT_EQ(for_terminal("\0\x7f"s), "\\x00\\x7f");
  EXPECT_EQ(for_terminal("\u0085\u009b2J"), "\\u0085\\u009b2J");  // C1: next line, CSI
}

TEST(ForTerminal, ShowsWhatWouldTurnTheTextAround) {
  EXPECT_EQ(for_terminal("invoice\u202Efdp.exe"), "invoice\\u202efdp.exe");
  EXPECT_EQ(for_terminal("\u202A\u2066\u2069\u2028"), "\\u202a\\u2066\\u2069\\u2028");
}

TEST(ForTerminal, LeavesWritingAloneAndShowsBrokenBytes) {
  EXPECT_EQ(for_terminal("Grüße, 你好, שלום 🙂 \\"), "Grüße, 你好, שלום 🙂 \\");
  EXPECT_EQ(for_terminal("caf\xe9\x9b"), "caf\\xe9\\x9b");
}

TEST(Nearest, SuggestsWhatWasProbablyMeant) {
  const std::vector<std::string_view> keys = {"hostname", "listen", "trusted", "certificate"};
  EXPECT_EQ(nearest("hostnam", keys), "hostname");
  EXPECT_EQ(nearest("lisen", keys), "listen");
  EXPECT_EQ(nearest("certficat", keys), "certificate");
  EXPECT_EQ(nearest("trusted", keys), "trusted");
}

TEST(Nearest, StaysSilentRatherThanGuessWildly) {
  EXPECT_EQ(nearest("password", {"hostname", "listen"}), std::nullopt);
  EXPECT_EQ(nearest("", {"a", "to"}), std::nullopt);
  EXPECT_EQ(nearest("x", {}), std::nullopt);
  EXPECT_EQ(nearest("ab", {"cd"}), std::nullopt);
}

TEST(Nearest, TakesTheCloserAndOfEqualsTheFirst) {
  EXPECT_EQ(nearest("rises", {"raise", "rise"}), "rise");
  EXPECT_EQ(nearest("fal", {"fall", "fail"}), "fall");
}

}  // namespace
}  // namespace beredd::base
