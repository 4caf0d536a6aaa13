#include "beredd/mail/envelope.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

struct Good {
  std::string text, local, domain;
};

TEST(Mailbox, KeepsTheLocalPartAndLowersTheDomain) {
  const Good cases[] = {
      {"a@b", "a", "b"},
      {"Support@Example.ORG", "Support", "example.org"},
      {"user+tag@example.org", "user+tag", "example.org"},
      {"first.last@sub.example.org", "first.last", "sub.example.org"},
      {"!#$%&'*+-/=?^_`{|}~@example.org", "!#$%&'*+-/=?^_`{|}~", "example.org"},
      {"user%example.net@relay.example", "user%example.net", "relay.example"},
      {"example.net!user@relay.example", "example.net!user", "relay.example"},
      {"\"a b\"@c", "\"a b\"", "c"},
      {"\"a@b\"@c", "\"a@b\"", "c"},
      {"\"a\\\"b\"@c", "\"a\\\"b\"", "c"},
      {"\"a\\\\\"@c", "\"a\\\\\"", "c"},
      {"\"\"@c", "\"\"", "c"},
      {"\"..\"@c", "\"..\"", "c"},
      {"a@[192.0.2.7]", "a", "[192.0.2.7]"},
      {"a@[IPv6:2001:DB8::7]", "a", "[ipv6:2001:db8::7]"},
      {"a@[x400:some-thing]", "a", "[x400:some-thing]"},
      {"a@under_score.example", "a", "under_score.example"},
      {"a@xn--bcher-kva.example", "a", "xn--bcher-kva.example"},
      {"a@1.2.3.4", "a", "1.2.3.4"},
  };
  for (const Good& good : cases) {
    const auto mailbox = parse_mailbox(good.text);
    ASSERT_TRUE(mailbox.ok()) << good.text;
    EXPECT_EQ(mailbox->local, good.local) << good.text;
    EXPECT_EQ(mailbox->domain, good.domain) << good.text;
  }
}

void expect_invalid(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    const auto mailbox = parse_mailbox(text);
    ASSERT_FALSE(mailbox.ok()) << text;
    EXPECT_EQ(mailbox.error().fault, base::Fault::permanent) << text;
    EXPECT_EQ(mailbox.error().code, base::Code::invalid) << text;
  }
}

TEST(Mailbox, RefusesALocalPartThatTheGrammarDoesNotKnow) {
  expect_invalid({"",
                  "a",
                  "@",
                  "@b",
                  "a@@b",
                  "a@b@c",
                  ".a@b",
                  "a.@b",
                  "a..b@c",
                  "a b@c",
                  "(a)b@c",
                  "a<b@c",
                  "a>b@c",
                  "\"a@b",
                  "a\"@b",
                  "\"a\"b@c",
                  "\"a\"\"b\"@c",
                  "\"a\\\"@b",
                  "\"a\nb\"@c",
                  "\"a\\\r\"@c",
                  "a\\b@c",
                  "a\t@b",
                  "a,b@c",
                  "a:b@c",
                  "<a@b>",
                  " a@b",
                  std::string("a\0@b", 4)});
}

TEST(Mailbox, RefusesADomainThatTheGrammarDoesNotKnow) {
  expect_invalid({"a@", "a@b c", "a@.b", "a@b.", "a@b..c", "a@-b", "a@b-", "a@b,c", "a@b;c",
                  "a@(b)", "a@b>", "a@b ", "a@b\x7F", "a@b\r\nRCPT TO:<x@y>",
                  std::string("a@b\0c", 5)});
}

TEST(Mailbox, RefusesAnAddressLiteralThatIsNoAddress) {
  expect_invalid({"a@[192.0.2]", "a@[192.0.2.256]", "a@[192.0.2.7", "a@192.0.2.7]", "a@[]",
                  "a@[IPv6:]", "a@[IPv6:zz]", "a@[192.0.2.7]x", "a@[x:]", "a@[:x]", "a@[a[b]"});
}

TEST(Mailbox, TakesUtf8OnlyWhereItIsAllowed) {
  EXPECT_FALSE(parse_mailbox("bücher@example.org").ok());
  EXPECT_FALSE(parse_mailbox("a@bücher.example").ok());
  const auto mailbox = parse_mailbox("bücher@BÜCHER.example", true);
  ASSERT_TRUE(mailbox.ok());
  EXPECT_EQ(mailbox->local, "bücher");
  EXPECT_TRUE(parse_mailbox("\"bücher und mehr\"@example.org", true).ok());
  EXPECT_FALSE(parse_mailbox("b\xFC"
                             "cher@example.org",
                             true)
                   .ok());
}

TEST(Mailbox, HoldsTheLengthsOfAPathAndALabel) {
  const std::string label63(63, 'd'), label64(64, 'd');
  EXPECT_TRUE(parse_mailbox("a@" + label63).ok());
  EXPECT_FALSE(parse_mailbox("a@" + label64).ok());
  EXPECT_TRUE(parse_mailbox(std::string(244, 'l') + "@b.example").ok());
  EXPECT_FALSE(parse_mailbox(std::string(245, 'l') + "@b.example").ok());
}

// VERP and SRS writers put a whole second address into the local part.
TEST(Mailbox, TakesALocalPartOfMoreThan64Octets) {
  const std::string local = "SRS0=HHHH=TT=customer.example.net=" + std::string(40, 'u');
  const auto mailbox = parse_mailbox(local + "@forwarder.example");
  ASSERT_TRUE(mailbox.ok());
  EXPECT_EQ(mailbox->local, local);
}

TEST(Mailbox, WritesBackWhatItRead) {
  for (const char* text : {"a@b", "\"a@b\"@c", "a@[192.0.2.7]"}) {
    const auto mailbox = parse_mailbox(text);
    ASSERT_TRUE(mailbox.ok()) << text;
    EXPECT_EQ(mailbox->text(), text);
    EXPECT_EQ(*parse_mailbox(mailbox->text()), *mailbox);
  }
}

}  // namespace
}  // namespace beredd::mail
