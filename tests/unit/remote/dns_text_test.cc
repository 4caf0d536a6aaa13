#include "dns_text.h"

#include <gtest/gtest.h>

namespace beredd::remote {
namespace {

using io::RecordType;
using namespace std::string_view_literals;

TEST(DnsText, WritesAddressesOfBothFamilies) {
  EXPECT_EQ(dns_text(RecordType::a, "\xc0\x00\x02\x07"sv), "192.0.2.7");
  EXPECT_EQ(dns_text(RecordType::aaaa, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"sv),
            "2001:db8::1");
}

TEST(DnsText, RefusesAnAddressOfTheWrongLength) {
  EXPECT_FALSE(dns_text(RecordType::a, "\xc0\x00\x02"sv));
  EXPECT_FALSE(dns_text(RecordType::aaaa, "\xc0\x00\x02\x07"sv));
}

TEST(DnsText, WritesAnExchangeWithoutItsFinalDot) {
  EXPECT_EQ(dns_text(RecordType::mx,
                     "\x01\x02\x02mx\x07"
                     "example\0"sv),
            "258 mx.example");
}

TEST(DnsText, KeepsANullExchangeRecognisable) {
  EXPECT_EQ(dns_text(RecordType::mx, "\0\0\0"sv), "0 .");
}

TEST(DnsText, RefusesANameThatRunsOverOrIsCompressed) {
  EXPECT_FALSE(dns_text(RecordType::mx, "\0\x0a\x05mx\0"sv));
  EXPECT_FALSE(dns_text(RecordType::mx, "\0\x0a\xc0\x0c"sv));
  EXPECT_FALSE(dns_text(RecordType::mx, "\0\x0a\x02mx"sv));
  EXPECT_FALSE(dns_text(RecordType::mx, "\0\x0a\x02mx\0\x01"sv));
}

TEST(DnsText, JoinsTheStringsOfATextRecord) {
  EXPECT_EQ(dns_text(RecordType::txt, "\x07v=spf1 \x04-all"sv), "v=spf1 -all");
  EXPECT_EQ(dns_text(RecordType::txt, "\0"sv), "");
  EXPECT_FALSE(dns_text(RecordType::txt, "\x05-all"sv));
}

TEST(DnsText, WritesACertificateAssociationInHex) {
  EXPECT_EQ(dns_text(RecordType::tlsa, "\x03\x01\x01\x0b\x9f"sv), "3 1 1 0b9f");
  EXPECT_FALSE(dns_text(RecordType::tlsa, "\x03\x01\x01"sv));
}

TEST(DnsName, IsMadeOfLabelsOfOneTo63Octets) {
  EXPECT_TRUE(is_dns_name("_25._tcp.mx.example.org"));
  EXPECT_TRUE(is_dns_name(std::string(63, 'a') + ".example"));
  EXPECT_FALSE(is_dns_name(std::string(64, 'a') + ".example"));
  for (const char* name : {"", ".", "a..b", ".a", "a.", "a b", "a\nb", "a\\b"}) {
    EXPECT_FALSE(is_dns_name(name)) << name;
  }
}

TEST(DnsName, HasAtMost253Octets) {
  std::string name;
  while (name.size() < 250) name += "a.";
  EXPECT_TRUE(is_dns_name(name + "abc"));
  EXPECT_FALSE(is_dns_name(name + "abcd"));
}

}  // namespace
}  // namespace beredd::remote
