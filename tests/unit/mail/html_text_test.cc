#include "html_text.h"

#include "html_element.h"
#include "html_source.h"
#include "letters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

std::string text_of(std::string_view html) {
  Defects quiet;
  return html_to_text(html, quiet);
}

TEST(HtmlText, BlocksBeginLinesAndParagraphsStandApart) {
  EXPECT_EQ(text_of("<div>one</div><div>two</div>"), "one\ntwo\n");
  EXPECT_EQ(text_of("<p>one</p><p>two</p>three"), "one\n\ntwo\n\nthree\n");
  EXPECT_EQ(text_of("one<br>two<br/><br />three"), "one\ntwo\n\nthree\n");
}

TEST(HtmlText, WhiteSpaceCollapses) {
  EXPECT_EQ(text_of("  one \n\t two&nbsp;three  <b> four </b>five "), "one two three four five\n");
}

TEST(HtmlText, InlineElementsDoNotSplitWords) {
  EXPECT_EQ(text_of("sm<b>ör</b>gås<span></span>bord"), "smörgåsbord\n");
}

TEST(HtmlText, PreformattedTextKeepsItsLines) {
  EXPECT_EQ(text_of("<pre>a  b\n  c\n\nd</pre>"), "a  b\n  c\n\nd\n");
  EXPECT_EQ(text_of("<pre>a&#13;&#10;b&#13;</pre>"), "a\nb\n");
}

TEST(HtmlText, ReferencesAreDecoded) {
  EXPECT_EQ(text_of("&lt;&amp;&gt; &eacute;&#233;&#xE9; &euro;&#128;"), "<&> ééé €€\n");
  EXPECT_EQ(text_of("AT&T &unknown; &; & x"), "AT&T &unknown; &; & x\n");
}

TEST(HtmlText, NumbersOfC1ControlsMeanWhatWindowsHasThere) {
  EXPECT_EQ(text_of("&#147;so&#148; &#150; &#129;x"), "“so” – x\n");
}

TEST(HtmlText, NumbersOutsideOfUnicodeDoNoHarm) {
  for (const char* bad : {"a&#x110000;b", "a&#xD800;b", "a&#99999999999;b", "a&#0;b"}) {
    EXPECT_TRUE(text_of(bad).starts_with("a")) << bad;
    EXPECT_TRUE(text_of(bad).ends_with("b\n")) << bad;
  }
}

TEST(HtmlText, ScriptsStylesTitlesAndCommentsAreDropped) {
  EXPECT_EQ(
      text_of(
          "<title>T</title><style>p { x: '<b>' }</style>a<script>if (a<b) c();</SCRIPT>b<!-- c -->d"
          "<![if !mso]>e<![endif]>"),
      "abde\n");
}

TEST(HtmlText, WhatNeverClosesIsNotLost) {
  EXPECT_EQ(text_of("a<script>b"), "ab\n");
  EXPECT_EQ(text_of("a<style>b<p>c"), "ab\n\nc\n");
  EXPECT_EQ(text_of("a<!-- b"), "a b\n");
  EXPECT_EQ(text_of("a < b and b <c"), "a < b and b <c\n");
  EXPECT_EQ(text_of("<a title=\"x>y</a>"), "y\n");
}

TEST(HtmlText, AddressesInAngleBracketsAreNoTags) {
  EXPECT_EQ(text_of("Anna <anna@example.org> wrote"), "Anna <anna@example.org> wrote\n");
}

TEST(HtmlText, EveryElementThatIsNoTextIsDropped) {
  for (const std::string_view name :
       {"script", "style", "title", "iframe", "template", "svg", "math"}) {
    const std::string html =
        "a<" + std::string(name) + " x='>'>gone <b>gone</b></" + std::string(name) + " >b";
    EXPECT_EQ(text_of(html), "ab\n") << name;
    EXPECT_EQ(text_of("a<" + std::string(name) + "/>b"), "ab\n") << name;
  }
}

TEST(HtmlText, LinksShowWhereTheyLead) {
  EXPECT_EQ(text_of("<a href=\"https://example.org/?a=1&amp;b=2\">see</a>."),
            "see <https://example.org/?a=1&b=2>.\n");
  EXPECT_EQ(text_of("<a href=mailto:a@example.org>write</a>"), "write <mailto:a@example.org>\n");
}

TEST(HtmlText, ALinkThatIsItsOwnTextIsNotRepeated) {
  EXPECT_EQ(text_of("<a href=\"https://example.org/\">example.org</a>"), "example.org\n");
  EXPECT_EQ(text_of("<a href=\"mailto:a@example.org\">a@example.org</a>"), "a@example.org\n");
}

TEST(HtmlText, LinksThatAreNoAddressesAreSilent) {
  EXPECT_EQ(text_of("<a href=\"#top\">up</a> <a href=\"javascript:x()\">run</a> <a name=x>n</a>"),
            "up run n\n");
  EXPECT_EQ(text_of("<a href=\"https://example.org\"><img src=x></a>"), "");
}

TEST(HtmlText, ListsAndTablesCanBeRead) {
  EXPECT_EQ(text_of("<ul><li>one</li><li>two</ul>"), "* one\n* two\n");
  EXPECT_EQ(text_of("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"),
            "a\tb\nc\n");
  EXPECT_EQ(text_of("a<hr>b"), "a\n----------\nb\n");
}

TEST(HtmlText, ListsKeepTheirNumbersAndTheirDepth) {
  EXPECT_EQ(text_of("<ol><li>one<li>two<ul><li>inner</ul><li>three</ol>x"),
            "1. one\n2. two\n  * inner\n3. three\nx\n");
}

TEST(HtmlText, APictureThatLeadsSomewhereIsReadByItsOtherText) {
  EXPECT_EQ(text_of("<a href='https://example.org/shop'><img alt='Our shop'></a>"),
            "Our shop <https://example.org/shop>\n");
  EXPECT_EQ(text_of("<img alt='decoration'>x"), "x\n");
}

TEST(HtmlText, OnlyCitedBlocksAreQuotations) {
  EXPECT_EQ(text_of("a<blockquote type=cite>b<br>c</blockquote>d"), "a\n> b\n> c\nd\n");
  EXPECT_EQ(text_of("a<blockquote class=\"gmail_quote\">b<blockquote "
                    "class=gmail_quote>c</blockquote></blockquote>"),
            "a\n> b\n> > c\n");
  EXPECT_EQ(text_of("a<blockquote style=\"margin\">b</blockquote>c"), "a\nb\nc\n");
}

TEST(HtmlText, AttributesMayHoldAngleBrackets) {
  EXPECT_EQ(text_of("<img alt=\"a > b\" title='c > d'>x"), "x\n");
}

TEST(HtmlText, TheCharsetThatAPageNamesDoesNotCount) {
  EXPECT_EQ(text_of("<meta charset=iso-8859-1><p>gr\xC3\xBC\xC3\x9F"), "grüß\n");
}

TEST(HtmlText, NestedTooDeepOnlyLosesItsTags) {
  Defects defects;
  const std::string deep = repeated("<div>", 10000) + "deep" + repeated("</div>", 10000) + "<p>end";
  EXPECT_EQ(html_to_text(deep, defects), "deep\nend");
  EXPECT_THAT(defects.list(), testing::ElementsAre("HTML nested more than 250 deep"));
  Defects quiet;
  EXPECT_EQ(html_to_text(repeated("<div>", 240) + "deep", quiet), "deep\n");
  EXPECT_THAT(quiet.list(), testing::IsEmpty());
}

TEST(HtmlText, OverTheLargestSizeOnlyLosesItsTags) {
  Defects defects;
  const std::string large = "<p>" + repeated("word &lt;&amp; ", kLargestHtml / 14 + 1);
  EXPECT_TRUE(html_to_text(large, defects).starts_with("word <& word <& "));
  EXPECT_THAT(defects.list(), testing::ElementsAre("HTML over 8 MiB"));
}

TEST(HtmlText, ThousandsOfAttributesAreNotCompared) {
  std::string tag = "<a href=x";
  for (int i = 0; i < 5000; ++i) tag += " a" + std::to_string(i) + "=1";
  EXPECT_EQ(fenced_html(tag + ">x"), "<a>x");
}

TEST(HtmlText, EveryPrefixOfAPageIsAPage) {
  const std::string page =
      "<!DOCTYPE html><html><head><title>t</title><style>p{}</style></head><body><!-- c -->"
      "<p class='q' >a &amp; b</p><ol><li><a href=\"https://e.org/\">e</a></ol><pre>x\ny</pre>"
      "<blockquote type=cite>q</blockquote><![if !mso]>z<![endif]></body></html>";
  for (std::size_t size = 0; size <= page.size(); ++size) text_of(page.substr(0, size));
}

TEST(HtmlCharset, IsWhatTheMetaElementNames) {
  EXPECT_EQ(html_charset("<html><META charset='koi8-r'>"), "koi8-r");
  EXPECT_EQ(html_charset("<meta http-equiv=Content-Type content=\"text/html; charset=gb2312\">"),
            "gb2312");
  EXPECT_EQ(html_charset("charset=nothing"), "");
  EXPECT_EQ(html_charset("<meta charset="), "");
}

}  // namespace
}  // namespace beredd::mail
