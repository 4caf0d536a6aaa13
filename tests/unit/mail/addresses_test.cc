#include "addresses.h"

#include "letters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Addresses, ByTheRules) {
  EXPECT_THAT(parse_addresses("a@example.org"), ElementsAre(Address{"", "a@example.org"}));
  EXPECT_THAT(parse_addresses("\"Berg, Anna\" <anna@example.org>, b@example.org"),
              ElementsAre(Address{"Berg, Anna", "anna@example.org"}, Address{"", "b@example.org"}));
  EXPECT_THAT(parse_addresses("Friends: a@example.org, B <b@example.org>;"),
              ElementsAre(Address{"", "a@example.org"}, Address{"B", "b@example.org"}));
  EXPECT_THAT(parse_addresses("undisclosed-recipients:;"), IsEmpty());
  EXPECT_THAT(parse_addresses(""), IsEmpty());
}

TEST(Addresses, NamesAreDecoded) {
  EXPECT_THAT(parse_addresses("=?utf-8?Q?=C3=85sa?= <asa@example.org>"),
              ElementsAre(Address{"Åsa", "asa@example.org"}));
  EXPECT_THAT(parse_addresses("\"=?utf-8?Q?=C3=85sa?=\" <asa@example.org>"),
              ElementsAre(Address{"Åsa", "asa@example.org"}));
}

TEST(Addresses, ACommaInAnEncodedWordIsText) {
  EXPECT_THAT(parse_addresses("=?utf-8?Q?Berg,_Anna?= <anna@example.org>"),
              ElementsAre(Address{"Berg, Anna", "anna@example.org"}));
}

TEST(Addresses, AnUnquotedCommaInANameIsBorne) {
  EXPECT_THAT(parse_addresses("Berg, Anna <anna@example.org>"),
              ElementsAre(Address{"Berg, Anna", "anna@example.org"}));
}

TEST(Addresses, AnEmptyOneBesideARealOneIsLeftOut) {
  EXPECT_THAT(parse_addresses("\"Lights\" <>, \"LTD\" <ly@example.org>"),
              ElementsAre(Address{"Lights, LTD", "ly@example.org"}));
}

TEST(Addresses, ACommentIsANameWhereThereIsNoOther) {
  EXPECT_THAT(parse_addresses("anna@example.org (Anna Berg)"),
              ElementsAre(Address{"Anna Berg", "anna@example.org"}));
  EXPECT_THAT(parse_addresses("Anna <anna@example.org> (at home)"),
              ElementsAre(Address{"Anna", "anna@example.org"}));
}

TEST(Addresses, OneThatStandsOnlyInACommentIsFound) {
  EXPECT_THAT(parse_addresses("(anna@example.org)"), ElementsAre(Address{"", "anna@example.org"}));
}

TEST(Addresses, BrokenMarksAreBorne) {
  EXPECT_THAT(parse_addresses("Anna <anna@example.org"),
              ElementsAre(Address{"Anna", "anna@example.org"}));
  EXPECT_THAT(parse_addresses("\"Anna <anna@example.org>"),
              ElementsAre(Address{"Anna", "anna@example.org"}));
  EXPECT_THAT(parse_addresses("Anna (home <anna@example.org>"),
              ElementsAre(Address{"Anna home", "anna@example.org"}));
  EXPECT_THAT(parse_addresses("a@example.org,,b@example.org,"), SizeIs(2));
  EXPECT_THAT(parse_addresses("a@example.org; b@example.org"), SizeIs(2));
  EXPECT_THAT(parse_addresses("Anna anna@example.org"),
              ElementsAre(Address{"Anna", "anna@example.org"}));
}

TEST(Addresses, JunkBehindAnAddressIsNotJoinedToIt) {
  EXPECT_EQ(parse_addresses("a@example.org junk junk").at(0).address, "a@example.org");
  EXPECT_EQ(parse_addresses("a@example.org, <").at(0).address, "a@example.org");
}

TEST(Addresses, SourceRoutesAndLiteralsAreRead) {
  EXPECT_THAT(parse_addresses("<@relay.example,@two.example:a@example.org>"),
              ElementsAre(Address{"", "a@example.org"}));
  EXPECT_THAT(parse_addresses("a@[IPv6:2001:db8::1]"),
              ElementsAre(Address{"", "a@[IPv6:2001:db8::1]"}));
}

TEST(Addresses, AQuotedLocalPartKeepsItsQuotes) {
  EXPECT_THAT(parse_addresses("\"john doe\"@example.org (x)"),
              ElementsAre(Address{"x", "\"john doe\"@example.org"}));
}

TEST(Addresses, ANameAloneIsKept) {
  EXPECT_THAT(parse_addresses("The Management"), ElementsAre(Address{"The Management", ""}));
}

TEST(Addresses, RawEightBitNamesAreRead) {
  EXPECT_THAT(parse_addresses("\xC5sa <asa@example.org>"),
              ElementsAre(Address{"Åsa", "asa@example.org"}));
}

TEST(Addresses, ALongListIsReadToItsEnd) {
  const std::string list = repeated("Someone <someone@example.org>, ", 2000) + "last@example.org";
  const std::vector<Address> all = parse_addresses(list);
  ASSERT_THAT(all, SizeIs(2001));
  EXPECT_EQ(all.back().address, "last@example.org");
}

}  // namespace
}  // namespace beredd::mail
