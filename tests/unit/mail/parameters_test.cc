#include "parameters.h"

#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

TEST(Parameters, ByTheRules) {
  const Parametrised field = parse_parameters(" Text/Plain; Charset=\"utf-8\";\r\n format=flowed");
  EXPECT_EQ(field.value, "text/plain");
  EXPECT_EQ(field.raw("charset"), "utf-8");
  EXPECT_EQ(field.raw("format"), "flowed");
  EXPECT_EQ(field.raw("delsp"), std::nullopt);
}

TEST(Parameters, CommentsAreSkipped) {
  const Parametrised field = parse_parameters("text/plain (plain) ; (a) charset=us-ascii (b)");
  EXPECT_EQ(field.value, "text/plain");
  EXPECT_EQ(field.raw("charset").value().substr(0, 8), "us-ascii");
}

TEST(Parameters, BlanksAroundSlashAndEqualsAreBorne) {
  const Parametrised field = parse_parameters("text / html ; charset = \"utf-8\"");
  EXPECT_EQ(field.value.substr(0, 5), "text/");
  EXPECT_EQ(field.raw("charset"), "utf-8");
}

TEST(Parameters, AMissingSemicolonIsBorne) {
  const Parametrised field = parse_parameters("multipart/mixed boundary=\"x y\" charset=utf-8");
  EXPECT_EQ(field.value, "multipart/mixed");
  EXPECT_EQ(field.raw("boundary"), "x y");
  EXPECT_EQ(field.raw("charset"), "utf-8");
}

TEST(Parameters, AMissingValueLeavesTheParameters) {
  const Parametrised field = parse_parameters("boundary=abc");
  EXPECT_EQ(field.value, "");
  EXPECT_EQ(field.raw("boundary"), "abc");
}

TEST(Parameters, AnUnquotedValueEndsWhereTheNextParameterBegins) {
  const Parametrised field = parse_parameters("a/b; name=my own file.txt size=3; x=y");
  EXPECT_EQ(field.raw("name"), "my own file.txt");
  EXPECT_EQ(field.raw("size"), "3");
  EXPECT_EQ(field.raw("x"), "y");
  EXPECT_EQ(parse_parameters("a/b; name=report (1).pdf;x=y").raw("name"), "report (1).pdf");
  EXPECT_EQ(parse_parameters("a/b; name=my\r\n report.pdf").raw("name"), "my report.pdf");
}

TEST(Parameters, AnOpenQuoteEndsWithTheField) {
  EXPECT_EQ(parse_parameters("a/b; name=\"file.txt").raw("name"), "file.txt");
}

TEST(Parameters, TheFirstOfDoublesCounts) {
  EXPECT_EQ(parse_parameters("a/b; x=1; x=2").raw("x"), "1");
}

TEST(Parameters, ContinuationsEndAtAGap) {
  EXPECT_EQ(parse_parameters("a/b; n*0=a; n*1=b; n*3=d").raw("n"), "ab");
  EXPECT_EQ(parse_parameters("a/b; n*1=a; n*2=b").raw("n"), "ab");
  EXPECT_EQ(parse_parameters("a/b; n*4294967296=a").raw("n"), std::nullopt);
}

TEST(Parameters, PercentSignsThatEncodeNothingStay) {
  EXPECT_EQ(parse_parameters("a/b; n*=utf-8''100%25%zz%4").text("n"), "100%%zz%4");
}

TEST(Parameters, AnExtendedValueWithoutACharsetIsGuessed) {
  EXPECT_EQ(parse_parameters("a/b; n*=sm%C3%B6r").text("n"), "smör");
  EXPECT_EQ(parse_parameters("a/b; n*=''sm%F6r").text("n"), "smör");
}

TEST(Parameters, EmptyFieldsHaveNone) {
  for (const std::string_view field : {"", ";", ";;;", "=", "\"", "(", "a/b;=x"}) {
    EXPECT_EQ(parse_parameters(field).raw("boundary"), std::nullopt) << field;
  }
}

}  // namespace
}  // namespace beredd::mail
