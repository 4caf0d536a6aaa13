#include "beredd/mail/dsn.h"

#include <gtest/gtest.h>

#include "beredd/mail/envelope.h"

namespace beredd::mail {
namespace {

TEST(Notify, IsNeverAloneOrAnyOfTheOthersOnce) {
  for (const char* good : {"NEVER", "success", "FAILURE,DELAY", "delay,SUCCESS,failure"}) {
    EXPECT_TRUE(parse_notify(good)) << good;
  }
  for (const char* bad :
       {"", ",", "NEVER,", "NEVER,DELAY", "DELAY,DELAY", "SUCCESS FAILURE", "ALL"}) {
    EXPECT_FALSE(parse_notify(bad)) << bad;
  }
}

TEST(Notify, IsWrittenAsItIsRead) {
  for (std::uint8_t bits = 0; bits < 32; ++bits) {
    const Notify notify{bits};
    if (!is_notify(notify) || bits == 0) continue;
    EXPECT_EQ(parse_notify(text(notify)), notify) << text(notify);
  }
  EXPECT_EQ(text({}), "");
  EXPECT_FALSE(is_notify({16}));
  EXPECT_FALSE(is_notify({Notify::kNever | Notify::kDelay}));
}

TEST(EnvelopeId, IsXtext) {
  for (const char* good : {"a", "QQ314159", "+2B", "a+3Db", "<x@y>"}) {
    EXPECT_TRUE(is_envelope_id(good)) << good;
  }
  for (const char* bad : {"", "a b", "a=b", "+", "+2", "+2b", "+GG", "\x7F", "\xC3\xB6", "a\r"}) {
    EXPECT_FALSE(is_envelope_id(bad)) << bad;
  }
}

TEST(ComparableDomain, IsInALabelsAndLowerCase) {
  EXPECT_EQ(comparable_domain("Example.ORG"), "example.org");
  EXPECT_EQ(comparable_domain("b\xC3\xBC"
                              "cher.example"),
            "xn--bcher-kva.example");
  EXPECT_EQ(comparable_domain("B\xC3\x9C"
                              "CHER.example"),
            "xn--bcher-kva.example");
  EXPECT_EQ(comparable_domain("xn--bcher-kva.example"), "xn--bcher-kva.example");
  EXPECT_EQ(comparable_domain("[192.0.2.7]"), "[192.0.2.7]");
  // What IDNA refuses matches nothing of ours.
  EXPECT_EQ(comparable_domain("\xE2\x80\x8B.example"), "\xE2\x80\x8B.example");
}

TEST(Mailbox, TakesUtf8ButNoControlsOfIt) {
  EXPECT_TRUE(parse_mailbox("j\xC3\xB6rg@b\xC3\xBC.example", true).ok());
  EXPECT_TRUE(parse_mailbox("\"j\xC3\xB6 rg\"@b.example", true).ok());
  EXPECT_FALSE(parse_mailbox("j\xC3\xB6rg@b.example", false).ok());
  EXPECT_FALSE(parse_mailbox("j\xC2\x80rg@b.example", true).ok());
  EXPECT_FALSE(parse_mailbox("j\xC2\x9Frg@b.example", true).ok());
  EXPECT_TRUE(parse_mailbox("j\xC2\xA1rg@b.example", true).ok());
  EXPECT_FALSE(parse_mailbox("j\xC0\xAFrg@b.example", true).ok());
  EXPECT_FALSE(parse_mailbox("j\xED\xA0\x80rg@b.example", true).ok());
}

}  // namespace
}  // namespace beredd::mail
