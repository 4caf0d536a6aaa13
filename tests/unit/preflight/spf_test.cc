// What an SPF record says of an address, and of the smarthost.

#include "spf.h"

#include "stage.h"

namespace beredd::preflight {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The result for one address when example.org has `record`; further records by `say`.
class Spf : public testing::Test {
 protected:
  SpfResult of(const std::string& record, const std::string& address) {
    say("example.org", RecordType::txt, {"some other text", record});
    for (int round = 0; round < 50; ++round) {
      Inquiry inquiry(subject, facts);
      const SpfVerdict verdict = spf_of(inquiry, "example.org", address);
      const Judgement judgement = std::move(inquiry).end();
      if (judgement.complete()) return verdict.result;
      for (const Question& question : judgement.wanted) facts.answers[question] = {};
    }
    ADD_FAILURE() << "never complete";
    return SpfResult::none;
  }
  void say(const std::string& name, RecordType type, std::vector<std::string> records) {
    facts.answers[{name, type}] = {std::move(records), false, {}};
  }
  Subject subject;
  Facts facts;
};

TEST_F(Spf, FitsAddressesAndNetworks) {
  EXPECT_EQ(of("v=spf1 ip4:192.0.2.7 -all", "192.0.2.7"), SpfResult::pass);
  EXPECT_EQ(of("v=spf1 ip4:192.0.2.0/25 -all", "192.0.2.127"), SpfResult::pass);
  EXPECT_EQ(of("v=spf1 ip4:192.0.2.0/25 -all", "192.0.2.128"), SpfResult::fail);
  EXPECT_EQ(of("v=spf1 ip6:2001:db8::/32 -all", "2001:db8:1::7"), SpfResult::pass);
  EXPECT_EQ(of("v=spf1 ip6:2001:db8::/32 -all", "192.0.2.7"), SpfResult::fail);
  EXPECT_EQ(of("V=SPF1 IP4:192.0.2.7 -ALL", "192.0.2.7"), SpfResult::pass);
}

TEST_F(Spf, EndsAsTheRecordSays) {
  EXPECT_EQ(of("v=spf1 -all", "192.0.2.7"), SpfResult::fail);
  EXPECT_EQ(of("v=spf1 ~all", "192.0.2.7"), SpfResult::softfail);
  EXPECT_EQ(of("v=spf1 ?all", "192.0.2.7"), SpfResult::neutral);
  EXPECT_EQ(of("v=spf1", "192.0.2.7"), SpfResult::neutral);
  EXPECT_EQ(of("v=spf10 +all", "192.0.2.7"), SpfResult::none);
}

TEST_F(Spf, LooksUpHostsAndMailHosts) {
  say("mail.example.org", RecordType::a, {"192.0.2.7"});
  say("example.org", RecordType::mx, {"10 mail.example.org"});
  EXPECT_EQ(of("v=spf1 a:mail.example.org -all", "192.0.2.7"), SpfResult::pass);
  EXPECT_EQ(of("v=spf1 a:mail.example.org/24 -all", "192.0.2.99"), SpfResult::pass);
  EXPECT_EQ(of("v=spf1 mx -all", "192.0.2.7"), SpfResult::pass);
  EXPECT_EQ(of("v=spf1 a -all", "192.0.2.7"), SpfResult::fail);
}

TEST_F(Spf, AsksWhatItIncludesWhetherItPasses) {
  say("_spf.example.net", RecordType::txt, {"v=spf1 ip4:192.0.2.7 -all"});
  EXPECT_EQ(of("v=spf1 include:_spf.example.net ~all", "192.0.2.7"), SpfResult::pass);
  EXPECT_EQ(of("v=spf1 include:_spf.example.net ~all", "192.0.2.8"), SpfResult::softfail);
  EXPECT_EQ(of("v=spf1 include:nothing.example.net ~all", "192.0.2.8"), SpfResult::permerror);
}

TEST_F(Spf, IsThatOfTheDomainItIsRedirectedTo) {
  say("_spf.example.net", RecordType::txt, {"v=spf1 ip4:192.0.2.7 -all"});
  EXPECT_EQ(of("v=spf1 redirect=_spf.example.net", "192.0.2.7"), SpfResult::pass);
  EXPECT_EQ(of("v=spf1 redirect=_spf.example.net", "192.0.2.8"), SpfResult::fail);
  EXPECT_EQ(of("v=spf1 redirect=nothing.example.net", "192.0.2.8"), SpfResult::permerror);
}

TEST_F(Spf, ThatIncludesItselfIsAnError) {
  EXPECT_EQ(of("v=spf1 include:example.org -all", "192.0.2.7"), SpfResult::permerror);
}

TEST_F(Spf, ThatCannotBeReadIsAnError) {
  EXPECT_EQ(of("v=spf1 ip4:192.0.2.0/33 -all", "192.0.2.7"), SpfResult::permerror);
  EXPECT_EQ(of("v=spf1 ip4:nonsense -all", "192.0.2.7"), SpfResult::permerror);
  EXPECT_EQ(of("v=spf1 nonsense -all", "192.0.2.7"), SpfResult::permerror);
}

TEST_F(Spf, WithMacrosDependsOnTheMail) {
  EXPECT_EQ(of("v=spf1 exists:%{i}.spf.example.org -all", "192.0.2.7"), SpfResult::depends);
}

TEST_F(Spf, OfUnknownModifiersSaysNothing) {
  EXPECT_EQ(of("v=spf1 exp=why.example.org ip4:192.0.2.7 -all", "192.0.2.7"), SpfResult::pass);
}

TEST(Smarthost, ThatSpfForbidsIsAnError) {
  Stage stage;
  stage.subject.smarthost = "relay.example.net";
  stage.say("relay.example.net", RecordType::a, {"203.0.113.5"});
  stage.say("example.org", RecordType::txt, {"v=spf1 mx -all"});
  EXPECT_THAT(stage.codes(), ElementsAre("error spf_not_ours example.org"));
}

TEST(Smarthost, ThatSpfDoubtsIsAWarning) {
  Stage stage;
  stage.subject.smarthost = "203.0.113.5";
  stage.say("example.org", RecordType::txt, {"v=spf1 mx ~all"});
  EXPECT_THAT(stage.codes(), ElementsAre("warning spf_not_ours example.org"));
}

TEST(Smarthost, ThatSpfKnowsIsPraised) {
  Stage stage;
  stage.subject.smarthost = "203.0.113.5";
  stage.say("example.org", RecordType::txt, {"v=spf1 ip4:203.0.113.5 -all"});
  EXPECT_THAT(stage.codes(), IsEmpty());
}

TEST(Smarthost, WithoutAnAddressIsAWarning) {
  Stage stage;
  stage.subject.smarthost = "relay.example.net";
  EXPECT_THAT(stage.codes(), ElementsAre("warning smarthost_address relay.example.net"));
}

TEST(Smarthost, ThatIsNotThereHasNothingHeldAgainstIt) {
  Stage stage;
  stage.say("example.org", RecordType::txt, {"v=spf1 -all"});
  EXPECT_THAT(stage.codes(), IsEmpty());
}

TEST(SpfRecord, ThatIsThereTwiceIsAWarning) {
  Stage stage;
  stage.say("example.org", RecordType::txt, {"v=spf1 -all", "v=spf1 mx -all"});
  EXPECT_THAT(stage.codes(), ElementsAre("warning spf_record example.org"));
}

TEST(SpfRecord, ThatCannotBeLookedUpIsAWarning) {
  Stage stage;
  stage.fail("example.org", RecordType::txt);
  EXPECT_THAT(stage.codes(), ElementsAre("warning unanswered example.org"));
}

}  // namespace
}  // namespace beredd::preflight
