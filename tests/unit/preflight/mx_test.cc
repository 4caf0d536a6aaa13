// What the MX records mean for an outage.

#include "stage.h"

namespace beredd::preflight {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Mx, OfABackupHostThatAllKnowIsPraised) {
  Stage stage;
  EXPECT_THAT(stage.codes(), IsEmpty());
}

TEST(Mx, OfAHostInFrontIsPraised) {
  Stage stage;
  stage.say("example.org", RecordType::mx, {"10 mx2.example.org"});
  EXPECT_THAT(stage.codes(), IsEmpty());
}

TEST(Mx, ThatDoesNotNameThisHostMeansThatNobodyComes) {
  Stage stage;
  stage.say("example.org", RecordType::mx, {"10 mx1.example.org"});
  const auto findings = stage.findings();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].code, "not_an_mx");
  EXPECT_EQ(findings[0].severity, Severity::error);
  EXPECT_THAT(findings[0].todo, HasSubstr("example.org MX 20 mx2.example.org"));
}

TEST(Mx, NeedNotNameThisHostWhereAServerOfOnesOwnPassesMailOn) {
  Stage stage;
  stage.subject.fed = true;
  stage.say("example.org", RecordType::mx, {"10 mx1.example.org"});
  EXPECT_THAT(stage.codes(), ElementsAre("warning not_an_mx example.org"));
}

TEST(Mx, ThatNamesAnotherNameOfThisHostIsItsOwn) {
  Stage stage;
  stage.say("example.org", RecordType::mx, {"10 mail.example.org"});
  stage.say("mail.example.org", RecordType::a, {"192.0.2.2"});
  stage.subject.certificates = {certificate_for({"mail.example.org"})};
  EXPECT_THAT(stage.codes(), IsEmpty());
}

TEST(Mx, IsComparedWithoutCase) {
  Stage stage;
  stage.say("example.org", RecordType::mx, {"10 MX2.Example.ORG"});
  EXPECT_THAT(stage.codes(), IsEmpty());
}

TEST(Mx, ThatIsNullMeansThatMailIsBounced) {
  Stage stage;
  stage.say("example.org", RecordType::mx, {"0 ."});
  EXPECT_THAT(stage.codes(), ElementsAre("error null_mx example.org"));
}

TEST(Mx, ThatIsNullBesideOthersIsAnErrorToo) {
  Stage stage;
  stage.say("example.org", RecordType::mx, {"0 .", "20 mx2.example.org"});
  EXPECT_THAT(stage.codes(), ElementsAre("error null_mx example.org"));
}

TEST(Mx, ThatIsNotThereWithoutAnAddressIsAnError) {
  Stage stage;
  stage.say("example.org", RecordType::mx, {});
  EXPECT_THAT(stage.codes(), ElementsAre("error no_mx example.org"));
}

TEST(Mx, ThatIsNotThereIsTheDomainsOwnAddress) {
  Stage stage;
  stage.say("example.org", RecordType::mx, {});
  stage.say("example.org", RecordType::a, {"192.0.2.80"});
  EXPECT_THAT(stage.codes(), ElementsAre("error implicit_mx example.org"));
}

TEST(Mx, ThatIsNotThereIsAWarningWhereTheDomainIsThisHost) {
  Stage stage;
  stage.say("example.org", RecordType::mx, {});
  stage.say("example.org", RecordType::a, {"192.0.2.2"});
  stage.subject.certificates = {certificate_for({"example.org"})};
  EXPECT_THAT(stage.codes(), ElementsAre("warning implicit_mx example.org"));
}

TEST(Mx, OfEqualPreferenceIsAWarning) {
  Stage stage;
  stage.say("example.org", RecordType::mx, {"10 mx1.example.org", "10 mx2.example.org"});
  EXPECT_THAT(stage.codes(), ElementsAre("warning equal_preference example.org"));
}

TEST(Mx, BehindThisHostIsAWayPastIt) {
  Stage stage;
  stage.say("example.org", RecordType::mx, {"10 mx2.example.org", "20 mx1.example.org"});
  EXPECT_THAT(stage.codes(), ElementsAre("note bypass example.org"));
}

TEST(Mx, WhosePreferenceIsANumberAndNotTextIsPutInOrder) {
  Stage stage;
  stage.say("example.org", RecordType::mx, {"9 mx1.example.org", "10 mx2.example.org"});
  EXPECT_THAT(stage.codes(), IsEmpty());
}

TEST(Mx, WithoutAnAddressIsPassedOver) {
  Stage stage;
  stage.say("mx1.example.org", RecordType::a, {});
  EXPECT_THAT(stage.codes(), ElementsAre("warning mx_without_address example.org"));
}

TEST(Mx, ThatNamesAnAddressIsPassedOver) {
  Stage stage;
  stage.say("example.org", RecordType::mx, {"10 192.0.2.1", "20 mx2.example.org"});
  EXPECT_THAT(stage.codes(), ElementsAre("warning mx_is_address example.org"));
}

TEST(Mx, ThatCannotBeLookedUpIsAnErrorAndTheLastWord) {
  Stage stage;
  stage.fail("example.org", RecordType::mx);
  stage.fail("_mta-sts.example.org", RecordType::txt);
  EXPECT_THAT(stage.codes(), ElementsAre("error mx_unknown example.org"));
}

TEST(ThisHost, WithoutAnAddressIsReachedByNobody) {
  Stage stage;
  stage.say("mx2.example.org", RecordType::a, {});
  EXPECT_THAT(stage.codes(), ElementsAre("error no_address mx2.example.org"));
}

TEST(ThisHost, MayHaveAnAddressOfIpv6Only) {
  Stage stage;
  stage.say("mx2.example.org", RecordType::a, {});
  stage.say("mx2.example.org", RecordType::aaaa, {"2001:db8::2"});
  EXPECT_THAT(stage.codes(), IsEmpty());
}

TEST(ThisHost, WhoseAddressCannotBeLookedUpIsNotSaidToHaveNone) {
  Stage stage;
  stage.fail("mx2.example.org", RecordType::a);
  EXPECT_THAT(stage.codes(), ElementsAre("warning unanswered mx2.example.org"));
}

TEST(ThisHost, ThatListensElsewhereThanItsNameSaysIsAWarning) {
  Stage stage;
  stage.subject.listens = {"198.51.100.7"};
  EXPECT_THAT(stage.codes(), ElementsAre("warning address_elsewhere mx2.example.org"));
  stage.subject.listens.push_back("192.0.2.2");
  EXPECT_THAT(stage.codes(), IsEmpty());
}

TEST(ThisHost, ThatIsCalledByItsAddressCannotBeAnMx) {
  Stage stage;
  stage.subject.hostname = "192.0.2.2";
  stage.say("example.org", RecordType::mx, {"10 mx1.example.org"});
  EXPECT_THAT(stage.codes(), Contains("error hostname_is_address 192.0.2.2"));
}

TEST(Domains, AreJudgedOneByOneAndTheHostOnce) {
  Stage stage;
  stage.subject.domains = {"example.org", "example.net"};
  stage.say("example.net", RecordType::mx, {"0 ."});
  stage.subject.certificates.clear();
  EXPECT_THAT(stage.codes(),
              ElementsAre("error null_mx example.net", "warning no_certificate mx2.example.org"));
}

TEST(Judgement, SaysWhatItWantsToKnowAndAsksOnlyForThat) {
  Stage stage;
  stage.facts = {};
  const Judgement first = judge(stage.subject, stage.facts);
  EXPECT_FALSE(first.complete());
  EXPECT_THAT(first.wanted, Contains(Question{"example.org", RecordType::mx}));
  EXPECT_THAT(first.wanted_policies, IsEmpty()) << "no record announced one";
}

}  // namespace
}  // namespace beredd::preflight
