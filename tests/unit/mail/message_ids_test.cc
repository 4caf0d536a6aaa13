#include "message_ids.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(MessageId, StandsWithoutItsBrackets) {
  EXPECT_EQ(parse_message_id(" <a@x> "), "a@x");
  EXPECT_EQ(parse_message_id("a@x junk"), "a@x");
  EXPECT_EQ(parse_message_id("<a@x> <b@x>"), "a@x");
  EXPECT_EQ(parse_message_id("<a\r\n b@x>"), "ab@x");
  EXPECT_EQ(parse_message_id(""), "");
  EXPECT_EQ(parse_message_id("<>"), "");
}

TEST(References, AreInTheirOrderAndEachOnce) {
  EXPECT_THAT(parse_references("<a@x> <b@x>\r\n\t<a@x><c@x>"), ElementsAre("a@x", "b@x", "c@x"));
}

TEST(References, ACutOneIsLeftOut) {
  EXPECT_THAT(parse_references("<a@x> <b@"), ElementsAre("a@x"));
  EXPECT_THAT(parse_references("<a@x <b@x>"), ElementsAre("b@x"));
  EXPECT_THAT(parse_references("a@x> <b@x>"), ElementsAre("b@x"));
}

TEST(References, TextWithoutBracketsIsNone) {
  EXPECT_THAT(parse_references("your mail of Monday"), IsEmpty());
}

TEST(InReplyTo, FreeTextIsIgnored) {
  EXPECT_THAT(parse_in_reply_to("Your message of Monday"), IsEmpty());
  EXPECT_THAT(parse_in_reply_to("Message from Bob <bob@example.org> of \"Mon, 1 Jan\" <id@host>"),
              ElementsAre("id@host"));
  EXPECT_THAT(parse_in_reply_to("<id@host> from Bob <bob@example.org>"), ElementsAre("id@host"));
  EXPECT_THAT(parse_in_reply_to("<id@host> (Bob <bob@example.org>'s message)"),
              ElementsAre("id@host"));
  EXPECT_THAT(parse_in_reply_to("<id@host>; from bob@example.org on Monday"),
              ElementsAre("id@host"));
}

TEST(InReplyTo, MayNameSeveral) {
  EXPECT_THAT(parse_in_reply_to("<a@x> <b@x>, <a@x>"), ElementsAre("a@x", "b@x"));
}

TEST(InReplyTo, AParenthesisInAnIdIsNoComment) {
  EXPECT_THAT(parse_in_reply_to("<a(1)@x>"), ElementsAre("a(1)@x"));
  EXPECT_THAT(parse_in_reply_to("(open <a@x>"), ElementsAre("a@x"));
}

TEST(References, AreReadWhereAMailerEncodedThem) {
  EXPECT_THAT(parse_references("=?utf-8?q?=3Cone=40x=3E?= =?utf-8?q?_=3Ctwo=40x=3E?="),
              ElementsAre("one@x", "two@x"));
}

TEST(References, WhatWasCutOffAtTheirFrontIsLeftOut) {
  EXPECT_THAT(parse_references("ne@x> <two@x>"), ElementsAre("two@x"));
}

}  // namespace
}  // namespace beredd::mail
