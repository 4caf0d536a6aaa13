#include "encoded_word.h"

#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

TEST(EncodedWord, DecodesBothEncodings) {
  EXPECT_EQ(decode_header_text("=?utf-8?Q?sm=C3=B6rg=C3=A5s?="), "smörgås");
  EXPECT_EQ(decode_header_text("=?UTF-8?b?c23DtnI=?="), "smör");
  EXPECT_EQ(decode_header_text("=?iso-8859-1?q?a_b=5F?="), "a b_");
}

TEST(EncodedWord, BlanksBetweenTwoWordsGo) {
  EXPECT_EQ(decode_header_text("=?utf-8?Q?a?= =?utf-8?Q?b?=\r\n =?iso-8859-1?Q?c?="), "abc");
}

TEST(EncodedWord, BlanksBesideOtherTextStay) {
  EXPECT_EQ(decode_header_text("x =?utf-8?Q?a?= y =?utf-8?Q?b?="), "x a y b");
}

TEST(EncodedWord, ACharacterCutBetweenTwoWordsIsWhole) {
  EXPECT_EQ(decode_header_text("=?utf-8?Q?sm=C3?= =?UTF-8?Q?=B6r?="), "smör");
  EXPECT_EQ(decode_header_text("=?utf-8?B?c23D?= =?utf-8?B?tnI=?="), "smör");
}

TEST(EncodedWord, AdjacentWordsMayDifferInCharset) {
  EXPECT_EQ(decode_header_text("=?iso-8859-1?Q?=E5?= =?koi8-r?Q?=CE=C5=D4?= =?utf-8?Q?=C3=B6?="),
            "åнетö");
}

TEST(EncodedWord, ALanguageIsLeftOut) {
  EXPECT_EQ(decode_header_text("=?utf-8*sv?Q?=C3=B6l?="), "öl");
}

TEST(EncodedWord, StandsInQuotesAndInsideOfWords) {
  EXPECT_EQ(decode_header_text("\"=?utf-8?Q?=C3=B6l?=\""), "\"öl\"");
  EXPECT_EQ(decode_header_text("re:=?utf-8?Q?=C3=B6l?=!"), "re:öl!");
}

TEST(EncodedWord, BlanksAndQuestionMarksInsideAreBorne) {
  EXPECT_EQ(decode_header_text("=?utf-8?Q?what is it?\?="), "what is it?");
  EXPECT_EQ(decode_header_text("=?utf-8?Q?why?_because?="), "why? because");
}

TEST(EncodedWord, WhatIsNoneStaysAsItStands) {
  for (const std::string_view text :
       {"=?", "=?utf-8", "=?utf-8?X?abc?=", "=?utf-8?Q?abc", "1 =? 2 ?= 3", "?="}) {
    EXPECT_EQ(decode_header_text(text), text);
  }
}

TEST(EncodedWord, AnUnknownCharsetIsGuessed) {
  EXPECT_EQ(decode_header_text("=?x-unknown?Q?sm=C3=B6r?="), "smör");
  EXPECT_EQ(decode_header_text("=?x-unknown?Q?sm=F6r?="), "smör");
}

TEST(EncodedWord, ControlsBecomeBlanks) {
  EXPECT_EQ(decode_header_text("=?utf-8?Q?a=0D=0Ab=00c=1Bd?="), "a  bc d");
}

TEST(EncodedWord, RawBytesAreReadWithTheHint) {
  EXPECT_EQ(decode_header_text("\xCE\xC5\xD4", "koi8-r"), "нет");
  EXPECT_EQ(decode_header_text("sm\xF6r"), "smör");
  EXPECT_EQ(decode_header_text("smör", "koi8-r"), "smör");
}

}  // namespace
}  // namespace beredd::mail
