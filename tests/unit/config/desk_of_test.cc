#include "sample.h"

namespace beredd::config {
namespace {

Config two_desks() {
  const Loaded loaded = parse(R"([smtp]
hostname = "mx2.example.org"
[[desk]]
name = "whole"
addresses = ["@help.example", "@other.example"]
primary = "p"
[[desk]]
name = "support"
addresses = ["Support@Help.example", "support@example.org", "\"a b\"@example.org"]
primary = "p"
[[desk]]
name = "abuse"
addresses = ["abuse@example.org", "postmaster@other.example"]
primary = "p"
plus_addresses = true
[[primary]]
name = "p"
target = { host = "a" }
)",
                              "beredd.toml");
  EXPECT_NE(loaded.config, nullptr) << testing::PrintToString(texts_of(loaded.problems));
  return loaded.config ? *loaded.config : Config{};
}

std::string desk_of(const std::string& local, const std::string& domain) {
  const Config config = two_desks();
  const Desk* desk = config.desk_of(mail::Mailbox{local, domain});
  return desk != nullptr ? desk->name : "nobody";
}

TEST(DeskOf, ServesADetailBehindAPlusWhereTheDeskTakesIt) {
  EXPECT_EQ(desk_of("abuse+t1042.mzxw6ytboi", "example.org"), "abuse");
  EXPECT_EQ(desk_of("ABUSE+", "example.org"), "abuse");
  EXPECT_EQ(desk_of("support+t1042.mzxw6ytboi", "example.org"), "nobody");
  EXPECT_EQ(desk_of("support+x", "help.example"), "whole") << "its whole domain is served";
  EXPECT_EQ(desk_of("+t1042", "example.org"), "nobody");
}

TEST(DeskOf, PrefersAnExactAddressToAWholeDomain) {
  EXPECT_EQ(desk_of("support", "help.example"), "support");
  EXPECT_EQ(desk_of("anything", "help.example"), "whole");
}

TEST(DeskOf, IgnoresCaseOnBothSides) {
  EXPECT_EQ(desk_of("SUPPORT", "Example.ORG"), "support");
  EXPECT_EQ(desk_of("Abuse", "example.org"), "abuse");
}

TEST(DeskOf, ServesNobodyElse) {
  EXPECT_EQ(desk_of("nobody", "example.org"), "nobody");
  EXPECT_EQ(desk_of("support", "example.com"), "nobody");
  EXPECT_EQ(desk_of("support", "sub.help.example"), "nobody");
  EXPECT_EQ(desk_of("", "example.org"), "nobody");
}

TEST(DeskOf, TakesQuotesOffALocalPart) {
  EXPECT_EQ(desk_of("\"support\"", "example.org"), "support");
  EXPECT_EQ(desk_of("\"sup\\port\"", "example.org"), "support");
  EXPECT_EQ(desk_of("\"a b\"", "example.org"), "support");
}

TEST(DeskOf, ServesThePostmasterOfEveryDomain) {
  EXPECT_EQ(desk_of("Postmaster", "example.org"), "support");
  EXPECT_EQ(desk_of("postmaster", "help.example"), "whole");
  EXPECT_EQ(desk_of("postmaster", "other.example"), "abuse");
  EXPECT_EQ(desk_of("postmaster", "example.com"), "nobody");
}

TEST(DeskOf, GivesABarePostmasterToTheFirstDesk) {
  EXPECT_EQ(desk_of("postmaster", ""), "whole");
  EXPECT_EQ(desk_of("POSTMASTER", ""), "whole");
  EXPECT_EQ(desk_of("support", ""), "nobody");
}

TEST(DeskOf, FindsNobodyInAnEmptyConfiguration) {
  EXPECT_EQ(Config{}.desk_of(mail::Mailbox{"postmaster", ""}), nullptr);
  EXPECT_EQ(Config{}.desk_of(mail::Mailbox{"a", "b"}), nullptr);
}

TEST(PrimaryNamed, IsExact) {
  const Config config = two_desks();
  ASSERT_NE(config.primary_named("p"), nullptr);
  EXPECT_EQ(config.primary_named("p")->target.at.host, "a");
  EXPECT_EQ(config.primary_named("P"), nullptr);
  EXPECT_EQ(config.primary_named(""), nullptr);
}

}  // namespace
}  // namespace beredd::config
