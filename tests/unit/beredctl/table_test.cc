#include "table.h"

#include <gtest/gtest.h>

namespace beredd::beredctl {
namespace {

base::Instant at(std::string_view text) { return *base::parse_rfc3339(text); }

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width(""), 0u);
  EXPECT_EQ(display_width("abc"), 3u);
  EXPECT_EQ(display_width("Ångström"), 8u);
  EXPECT_EQ(display_width("日本"), 4u);
  EXPECT_EQ(display_width("e\u0301"), 1u);  // e and a combining acute
}

TEST(Cut, KeepsWholeCharactersAndSaysThatItCut) {
  EXPECT_EQ(cut("faktura", 7), "faktura");
  EXPECT_EQ(cut("faktura", 5), "fakt…");
  EXPECT_EQ(cut("日本語", 5), "日本…");
  EXPECT_EQ(cut("日本語", 4), "日…");
  EXPECT_EQ(cut("abc", 1), "…");
  EXPECT_EQ(cut("abc", 0), "");
}

TEST(When, LeavesTodaysDateOut) {
  const auto now = at("2026-11-23T02:17:20Z");
  EXPECT_EQ(when(at("2026-11-23T02:14:07Z"), now), "02:14:07");
  EXPECT_EQ(when(at("2026-11-22T23:59:59Z"), now), "2026-11-22 23:59");
}

TEST(Age, IsNeverNegative) {
  const auto now = at("2026-11-23T02:17:20Z");
  EXPECT_EQ(age(at("2026-11-23T02:14:00.9Z"), now), "3m 19s");
  EXPECT_EQ(age(at("2026-11-23T03:00:00Z"), now), "0s");
}

Table fruit() {
  Table table({{"ID", Align::right}, {"NAME", Align::left, true}, {"COLOUR"}});
  table.add({"1", "äpple", {"red", Paint::bad}});
  table.add({"23", "日本 pear", "green"});
  return table;
}

TEST(Table, AlignsWideAndAccentedText) {
  EXPECT_EQ(fruit().text(Style{}),
            "ID  NAME       COLOUR\n"
            " 1  äpple      red\n"
            "23  日本 pear  green\n");
}

TEST(Table, CutsTheColumnThatGivesWay) {
  Style style;
  style.columns = 20;
  EXPECT_EQ(fruit().text(style),
            "ID  NAME      COLOUR\n"
            " 1  äpple     red\n"
            "23  日本 pe…  green\n");
}

TEST(Table, StopsCuttingWhereNothingWouldBeLeft) {
  Style style;
  style.columns = 5;
  EXPECT_EQ(fruit().rows(style, ""),
            " 1  äpple     red\n"
            "23  日本 pe…  green\n");
}

TEST(Table, PaintsOnlyWhereColoursAreOn) {
  Style style;
  style.colour = true;
  EXPECT_EQ(fruit().rows(style, "> "),
            ">  1  äpple      \x1b[1;31mred\x1b[0m\n"
            "> 23  日本 pear  green\n");
}

TEST(Table, LetsNothingOfACustomerReachTheTerminal) {
  Table table({{"SUBJECT"}});
  table.add({std::string("\x1b[2J\x1b]0;owned\x07 \xe2\x80\xae txt \n second \xff")});
  const std::string text = table.rows(Style{}, "");
  EXPECT_EQ(text, "\\x1b[2J\\x1b]0;owned\\x07 \\u202e txt \\n second \xEF\xBF\xBD\n");
}

}  // namespace
}  // namespace beredd::beredctl
