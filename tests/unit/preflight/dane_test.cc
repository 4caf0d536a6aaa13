// Certificates, and what TLSA records say of them.

#include "stage.h"

namespace beredd::preflight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kTlsa = "_25._tcp.mx2.example.org";

// A domain that is signed, whose host has these TLSA records.
Stage signed_stage(std::vector<std::string> records) {
  Stage stage;
  stage.say("example.org", RecordType::mx, {"10 mx1.example.org", "20 mx2.example.org"}, true);
  stage.say(kTlsa, RecordType::tlsa, std::move(records), true);
  return stage;
}

TEST(Certificate, ThatIsNotThereLetsMailTravelInTheClear) {
  Stage stage;
  stage.subject.certificates.clear();
  EXPECT_THAT(stage.codes(), ElementsAre("warning no_certificate mx2.example.org"));
}

TEST(Certificate, ForAnotherNameIsAWarning) {
  Stage stage;
  stage.subject.certificates = {certificate_for({"mx1.example.org", "*.mx2.example.org"})};
  EXPECT_THAT(stage.codes(), ElementsAre("warning certificate_name mx2.example.org"));
}

TEST(Certificate, ThatEndsSoonIsAWarning) {
  Stage stage;
  stage.subject.certificates[0].not_after = kNow + 13 * 24h;
  EXPECT_THAT(stage.codes(), ElementsAre("warning certificate_expiry mx2.example.org"));
}

TEST(Certificate, OfAWholeNameGoesBeforeAWildcard) {
  Stage stage;
  io::Certificate wildcard = certificate_for({"*.example.org"});
  wildcard.not_after = kNow - 1s;
  stage.subject.certificates.insert(stage.subject.certificates.begin(), wildcard);
  EXPECT_THAT(stage.codes(), IsEmpty());
}

TEST(Dane, OfTheKeyInUseIsPraised) {
  for (const char* record :
       {"3 1 1 bb01", "3 1 2 bb02", "3 1 0 bb00", "3 0 1 aa01", "3 1 1 BB01"}) {
    EXPECT_THAT(signed_stage({record}).codes(), IsEmpty()) << record;
  }
}

TEST(Dane, OfAnotherKeyIsAnErrorThatTellsTheRightRecord) {
  const auto findings = signed_stage({"3 1 1 ff01"}).findings();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].code, "dane_mismatch");
  EXPECT_EQ(findings[0].severity, Severity::error);
  EXPECT_THAT(findings[0].todo, HasSubstr("_25._tcp.mx2.example.org TLSA 3 1 1 bb01"));
}

TEST(Dane, IsSatisfiedByOneRecordOfSeveral) {
  EXPECT_THAT(signed_stage({"3 1 1 ff01", "3 1 1 bb01"}).codes(), IsEmpty());
}

TEST(Dane, OfTheAuthorityIsPraised) {
  EXPECT_THAT(signed_stage({"2 1 1 dd01"}).codes(), IsEmpty());
}

TEST(Dane, OfTheAuthorityIsNotMetByTheHostsOwnKey) {
  EXPECT_THAT(signed_stage({"2 1 1 bb01"}).codes(),
              ElementsAre("error dane_mismatch mx2.example.org"));
}

TEST(Dane, OfTheAuthorityWantsTheNameTooAndOfTheHostDoesNot) {
  Stage authority = signed_stage({"2 1 1 dd01"});
  authority.subject.certificates[0].names = {"other.example.org"};
  EXPECT_THAT(authority.codes(), ElementsAre("warning certificate_name mx2.example.org",
                                             "error dane_mismatch mx2.example.org"));
  Stage host = signed_stage({"3 1 1 bb01"});
  host.subject.certificates[0].names = {"other.example.org"};
  EXPECT_THAT(host.codes(), ElementsAre("warning certificate_name mx2.example.org"));
}

TEST(Dane, WithoutACertificateIsAnError) {
  Stage stage = signed_stage({"3 1 1 bb01"});
  stage.subject.certificates.clear();
  EXPECT_THAT(stage.codes(), ElementsAre("warning no_certificate mx2.example.org",
                                         "error dane_mismatch mx2.example.org"));
}

TEST(Dane, OfUsagesThatAreNotForMailIsAWarning) {
  EXPECT_THAT(signed_stage({"1 1 1 bb01", "0 1 1 dd01"}).codes(),
              ElementsAre("warning dane_unusable mx2.example.org"));
}

TEST(Dane, ThatNoDnssecProvesIsTakenNoNoticeOf) {
  Stage stage = signed_stage({});
  stage.say(kTlsa, RecordType::tlsa, {"3 1 1 ff01"}, false);
  EXPECT_THAT(stage.codes(), ElementsAre("note dane_unsigned mx2.example.org"));
}

TEST(Dane, OfAnMxThatIsNotSignedIsTakenNoNoticeOf) {
  Stage stage = signed_stage({"3 1 1 ff01"});
  stage.say("example.org", RecordType::mx, {"20 mx2.example.org"}, false);
  EXPECT_THAT(stage.codes(), ElementsAre("note dane_unsigned mx2.example.org"));
}

TEST(Dane, ThatCannotBeProvenHereIsAWarningWhenItDoesNotFit) {
  Stage stage = signed_stage({});
  stage.say(kTlsa, RecordType::tlsa, {"3 1 1 ff01"}, false);
  stage.subject.proves = false;
  EXPECT_THAT(stage.codes(), ElementsAre("warning dane_mismatch mx2.example.org"));
}

TEST(Dane, ThatCannotBeLookedUpIsAWarning) {
  Stage stage;
  stage.fail(kTlsa, RecordType::tlsa);
  EXPECT_THAT(stage.codes(), ElementsAre("warning unanswered mx2.example.org"));
}

}  // namespace
}  // namespace beredd::preflight
