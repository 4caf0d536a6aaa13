#include "html_text.h"

#include "html_entities.h"
#include "html_tag.h"

#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

TEST(HtmlText, BlocksBeginLinesAndParagraphsStandApart) {
  EXPECT_EQ(html_to_text("<div>one</div><div>two</div>"), "one\ntwo\n");
  EXPECT_EQ(html_to_text("<p>one</p><p>two</p>three"), "one\n\ntwo\n\nthree\n");
  EXPECT_EQ(html_to_text("one<br>two<br/><br />three"), "one\ntwo\n\nthree\n");
}

TEST(HtmlText, WhiteSpaceCollapses) {
  EXPECT_EQ(html_to_text("  one \n\t two&nbsp;three  <b> four </b>five "),
            "one two three four five\n");
}

TEST(HtmlText, InlineElementsDoNotSplitWords) {
  EXPECT_EQ(html_to_text("sm<b>ör</b>gås<span></span>bord"), "smörgåsbord\n");
}

TEST(HtmlText, PreformattedTextKeepsItsLines) {
  EXPECT_EQ(html_to_text("<pre>a  b\n  c\n\nd</pre>"), "a  b\n  c\n\nd\n");
}

TEST(HtmlText, ReferencesAreDecoded) {
  EXPECT_EQ(html_to_text("&lt;&amp;&gt; &eacute;&#233;&#xE9; &euro;&#128;"), "<&> ééé €€\n");
  EXPECT_EQ(html_to_text("AT&T &unknown; &; & x &eacute"), "AT&T &unknown; &; & x é\n");
}

TEST(HtmlText, ScriptsStylesTitlesAndCommentsAreDropped) {
  EXPECT_EQ(
      html_to_text(
          "<title>T</title><style>p { x: '<b>' }</style>a<script>if (a<b) c();</SCRIPT>b<!-- c -->d"
          "<![if !mso]>e<![endif]>"),
      "abde\n");
}

TEST(HtmlText, WhatNeverClosesIsNotLost) {
  EXPECT_EQ(html_to_text("a<script>b"), "ab\n");
  EXPECT_EQ(html_to_text("a<!-- b"), "a b\n");
  EXPECT_EQ(html_to_text("a < b and b <c"), "a < b and b <c\n");
  EXPECT_EQ(html_to_text("<a title=\"x>y</a>"), "y\n");
}

TEST(HtmlText, LinksShowWhereTheyLead) {
  EXPECT_EQ(html_to_text("<a href=\"https://example.org/?a=1&amp;b=2\">see</a>."),
            "see <https://example.org/?a=1&b=2>.\n");
  EXPECT_EQ(html_to_text("<a href=mailto:a@example.org>write</a>"),
            "write <mailto:a@example.org>\n");
}

TEST(HtmlText, ALinkThatIsItsOwnTextIsNotRepeated) {
  EXPECT_EQ(html_to_text("<a href=\"https://example.org/\">example.org</a>"), "example.org\n");
  EXPECT_EQ(html_to_text("<a href=\"mailto:a@example.org\">a@example.org</a>"), "a@example.org\n");
}

TEST(HtmlText, LinksThatAreNoAddressesAreSilent) {
  EXPECT_EQ(
      html_to_text("<a href=\"#top\">up</a> <a href=\"javascript:x()\">run</a> <a name=x>n</a>"),
      "up run n\n");
  EXPECT_EQ(html_to_text("<a href=\"https://example.org\"><img src=x></a>"), "");
}

TEST(HtmlText, ListsAndTablesCanBeRead) {
  EXPECT_EQ(html_to_text("<ul><li>one</li><li>two</ul>"), "* one\n* two\n");
  EXPECT_EQ(html_to_text("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"),
            "a\tb\nc\n");
  EXPECT_EQ(html_to_text("a<hr>b"), "a\n----------\nb\n");
}

TEST(HtmlText, OnlyCitedBlocksAreQuotations) {
  EXPECT_EQ(html_to_text("a<blockquote type=cite>b<br>c</blockquote>d"), "a\n> b\n> c\nd\n");
  EXPECT_EQ(html_to_text("a<blockquote class=\"gmail_quote\">b<blockquote "
                         "class=gmail_quote>c</blockquote></blockquote>"),
            "a\n> b\n> > c\n");
  EXPECT_EQ(html_to_text("a<blockquote style=\"margin\">b</blockquote>c"), "a\nb\nc\n");
}

TEST(HtmlText, AttributesMayHoldAngleBrackets) {
  EXPECT_EQ(html_to_text("<img alt=\"a > b\" title='c > d'>x"), "x\n");
}

TEST(HtmlCharset, IsWhatTheMetaElementNames) {
  EXPECT_EQ(html_charset("<html><META charset='koi8-r'>"), "koi8-r");
  EXPECT_EQ(html_charset("<meta http-equiv=Content-Type content=\"text/html; charset=gb2312\">"),
            "gb2312");
  EXPECT_EQ(html_charset("charset=nothing"), "");
  EXPECT_EQ(html_charset("<meta charset="), "");
}

TEST(HtmlEntity, NumbersOutsideOfUnicodeAreReplaced) {
  EXPECT_EQ(entity("#x110000"), U'\xFFFD');
  EXPECT_EQ(entity("#xD800"), U'\xFFFD');
  EXPECT_EQ(entity("#99999999999"), U'\xFFFD');
  EXPECT_EQ(entity("#"), U'\0');
  EXPECT_EQ(entity("#12a"), U'\0');
}

TEST(HtmlEntity, EveryLengthOfUtf8IsWritten) {
  std::string out;
  for (const char32_t point : {U'a', U'ö', U'€', U'\x1F600'}) append_utf8(out, point);
  EXPECT_EQ(out, "aö€😀");
}

TEST(HtmlTag, AttributesAreFoundInEveryNotation) {
  const std::optional<Tag> tag = tag_at("<A HREF = \"x&amp;y\" class='c d' id=e checked>text");
  ASSERT_TRUE(tag.has_value());
  EXPECT_EQ(tag->element, Element::link);
  EXPECT_EQ(tag->attribute("href"), "x&y");
  EXPECT_EQ(tag->attribute("class"), "c d");
  EXPECT_EQ(tag->attribute("id"), "e");
  EXPECT_EQ(tag->attribute("checked"), "");
  EXPECT_EQ(tag->attribute("title"), std::nullopt);
  EXPECT_EQ(tag->size, std::string_view("<A HREF = \"x&amp;y\" class='c d' id=e checked>").size());
}

TEST(HtmlTag, IsOnlyWhatBeginsWithALetter) {
  for (const std::string_view text : {"<", "<3", "< a>", "<>", "</", "</>", "<a", "<a href="}) {
    EXPECT_FALSE(tag_at(text).has_value()) << text;
  }
  EXPECT_TRUE(tag_at("</p>")->closing);
}

}  // namespace
}  // namespace beredd::mail
