#include "beredd/remote/mail_exchangers.h"

#include "scripted_resolver.h"
#include "simulation.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::remote {
namespace {

using base::Code;
using base::Fault;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Type = io::RecordType;

struct MailExchangers : ::testing::Test {
  base::Result<std::vector<std::string>> of(const std::vector<std::string>& records) {
    return exchangers_of("there.example", records, "mx2.help.example", random);
  }
  base::Result<std::vector<std::string>> find(std::string domain = "there.example") {
    return *world.run(find_exchangers(dns, std::move(domain), "mx2.help.example", random));
  }

  base::SeededRandom random{5};
  simulation::World world{5};
  simulation::ScriptedResolver dns{world.timers(), world.executor()};
};

TEST_F(MailExchangers, StandInTheOrderOfTheirPreference) {
  EXPECT_THAT(*of({"20 c.example", "5 a.example", "10 b.example"}),
              ElementsAre("a.example", "b.example", "c.example"));
}

TEST_F(MailExchangers, OfEqualPreferenceTakeTurns) {
  std::set<std::string> first;
  for (int i = 0; i < 40; ++i) {
    const auto hosts = *of({"10 a.example", "10 b.example", "20 c.example"});
    ASSERT_EQ(hosts.size(), 3u);
    EXPECT_EQ(hosts[2], "c.example");
    first.insert(hosts[0]);
  }
  EXPECT_THAT(first, UnorderedElementsAre("a.example", "b.example"));
}

// RFC 5321 §5.1: mail never goes to a host that is no better than we are.
TEST_F(MailExchangers, EndBeforeOurselves) {
  EXPECT_THAT(*of({"10 a.example", "20 MX2.help.example", "20 b.example", "30 c.example"}),
              ElementsAre("a.example"));
  const auto loop = of({"10 mx2.help.example", "20 b.example"});
  ASSERT_FALSE(loop.ok());
  EXPECT_EQ(loop.error().fault, Fault::transient);
  EXPECT_EQ(loop.error().code, Code::conflict);
}

// RFC 7505.
TEST_F(MailExchangers, ANullMxTakesNoMail) {
  const auto none = of({"0 ."});
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().fault, Fault::permanent);
  EXPECT_EQ(none.error().detail, "5.1.10 there.example takes no mail");
}

TEST_F(MailExchangers, ANullMxBesideOthersIsPassedBy) {
  EXPECT_THAT(*of({"0 .", "10 a.example"}), ElementsAre("a.example"));
}

TEST_F(MailExchangers, WhatIsNoRecordIsPassedBy) {
  EXPECT_THAT(*of({"", "x a.example", "70000 a.example", "10", "10 "}), IsEmpty());
}

TEST_F(MailExchangers, AreAskedFromDns) {
  dns.say("there.example", Type::mx, {.records = {"10 in.there.example"}});
  EXPECT_THAT(*find(), ElementsAre("in.there.example"));
  EXPECT_THAT(dns.asked, ElementsAre("there.example"));
}

TEST_F(MailExchangers, ADomainWithoutMxButWithAnAddressIsItsOwn) {
  dns.say("there.example", Type::a, {.records = {"192.0.2.7"}});
  EXPECT_THAT(*find(), ElementsAre("there.example"));
}

TEST_F(MailExchangers, ADomainWithNeitherDoesNotExist) {
  const auto none = find();
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().fault, Fault::permanent);
  EXPECT_EQ(none.error().detail, "5.1.2 there.example has neither MX nor address");
}

TEST_F(MailExchangers, WhatDnsCannotAnswerNowIsAskedLater) {
  dns.say("there.example", Type::mx, {.records = {}, .fails = true});
  EXPECT_EQ(find().error().fault, Fault::transient);
  dns.say("there.example", Type::mx, {});
  dns.say("there.example", Type::aaaa, {.records = {}, .fails = true});
  EXPECT_EQ(find().error().fault, Fault::transient);
}

TEST_F(MailExchangers, AnAddressLiteralIsItsOwnHost) {
  EXPECT_THAT(*find("[192.0.2.7]"), ElementsAre("192.0.2.7"));
  EXPECT_THAT(*find("[IPv6:2001:db8::7]"), ElementsAre("2001:db8::7"));
  EXPECT_THAT(dns.asked, IsEmpty());
}

TEST_F(MailExchangers, AnInternationalDomainIsAskedInItsAscii) {
  dns.say("xn--bcher-kva.example", Type::mx, {.records = {"10 in.example"}});
  EXPECT_THAT(*find("b\xC3\xBC"
                    "cher.example"),
              ElementsAre("in.example"));
}

}  // namespace
}  // namespace beredd::remote
