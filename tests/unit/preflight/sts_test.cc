// MTA-STS and TLS-RPT: who stays away because of a policy, and who hears of it.

#include "stage.h"
#include "sts_policy.h"

namespace beredd::preflight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Sts, ThatNamesThisHostAndItsCertificateIsPraised) {
  Stage stage;
  stage.policy(Stage::policy_text("enforce", "mx2.example.org"));
  EXPECT_THAT(stage.codes(), IsEmpty());
}

TEST(Sts, ThatLeavesThisHostOutIsAnErrorWhereItIsEnforced) {
  Stage stage;
  stage.policy(Stage::policy_text("enforce", "mx1.example.org"));
  const auto findings = stage.findings();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].code, "sts_left_out");
  EXPECT_EQ(findings[0].severity, Severity::error);
  EXPECT_THAT(findings[0].todo, HasSubstr("mx: mx2.example.org"));
}

TEST(Sts, ThatLeavesThisHostOutIsAWarningWhereItIsTried) {
  Stage stage;
  stage.policy(Stage::policy_text("testing", "mx1.example.org"));
  EXPECT_THAT(stage.codes(), ElementsAre("warning sts_left_out example.org"));
}

TEST(Sts, OfModeNoneHoldsNobodyBack) {
  Stage stage;
  stage.policy(Stage::policy_text("none", "mx1.example.org"));
  EXPECT_THAT(stage.codes(), IsEmpty());
}

TEST(Sts, MayNameThisHostByAPattern) {
  Stage stage;
  stage.policy(Stage::policy_text("enforce", "*.example.org"));
  EXPECT_THAT(stage.codes(), IsEmpty());
}

TEST(Sts, IsJudgedEvenBeforeTheMxIsPublished) {
  Stage stage;
  stage.say("example.org", RecordType::mx, {"10 mx1.example.org"});
  stage.policy(Stage::policy_text("enforce", "mx1.example.org"));
  EXPECT_THAT(stage.codes(),
              ElementsAre("error not_an_mx example.org", "error sts_left_out example.org"));
}

TEST(Sts, WantsACertificateForTheNameInTheMx) {
  Stage stage;
  stage.policy(Stage::policy_text("enforce", "mx2.example.org"));
  stage.subject.certificates = {certificate_for({"other.example.org"})};
  EXPECT_THAT(stage.codes(), ElementsAre("error sts_certificate example.org",
                                         "warning certificate_name mx2.example.org"));
}

TEST(Sts, TakesTheCertificateThatIsShownForTheName) {
  Stage stage;
  stage.policy(Stage::policy_text("enforce", "mx2.example.org"));
  stage.subject.certificates = {certificate_for({"other.example.org"}),
                                certificate_for({"*.example.org"})};
  EXPECT_THAT(stage.codes(), IsEmpty());
}

TEST(Sts, WantsACertificateThatHasNotExpired) {
  Stage stage;
  stage.policy(Stage::policy_text("enforce", "mx2.example.org"));
  stage.subject.certificates[0].not_after = kNow - 1s;
  EXPECT_THAT(stage.codes(), ElementsAre("error sts_certificate example.org",
                                         "warning certificate_expiry mx2.example.org"));
}

TEST(Sts, WantsACertificateOfAnAuthority) {
  Stage stage;
  stage.policy(Stage::policy_text("enforce", "mx2.example.org"));
  stage.subject.certificates[0].self_signed = true;
  EXPECT_THAT(stage.codes(), ElementsAre("error sts_certificate example.org"));
}

TEST(Sts, WantsTlsAtAll) {
  Stage stage;
  stage.policy(Stage::policy_text("enforce", "mx2.example.org"));
  stage.subject.certificates.clear();
  EXPECT_THAT(stage.codes(), ElementsAre("error sts_certificate example.org",
                                         "warning no_certificate mx2.example.org"));
}

TEST(Sts, WhosePolicyCannotBeFetchedSaysSo) {
  Stage stage;
  stage.say("_mta-sts.example.org", RecordType::txt, {"v=STSv1; id=1"});
  const auto findings = stage.findings();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].code, "sts_unfetched");
  EXPECT_THAT(findings[0].what, HasSubstr("cannot be fetched: no route"));
}

TEST(Sts, WhosePolicyCannotBeReadSaysWhy) {
  Stage stage;
  stage.policy("version: STSv1\nmode: enforce\nmax_age: 86400\n");
  const auto findings = stage.findings();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].code, "sts_policy");
  EXPECT_THAT(findings[0].what, HasSubstr("no line \"mx:\""));
}

TEST(Sts, WithTwoRecordsIsNoPolicy) {
  Stage stage;
  stage.say("_mta-sts.example.org", RecordType::txt, {"v=STSv1; id=1", "v=STSv1; id=2"});
  EXPECT_THAT(stage.codes(), ElementsAre("warning sts_record example.org"));
}

TEST(Sts, WithoutAnIdIsNoPolicy) {
  Stage stage;
  stage.say("_mta-sts.example.org", RecordType::txt, {"v=STSv1;"});
  EXPECT_THAT(stage.codes(), ElementsAre("warning sts_record example.org"));
}

TEST(Sts, ThatCannotBeLookedUpIsAWarning) {
  Stage stage;
  stage.fail("_mta-sts.example.org", RecordType::txt);
  EXPECT_THAT(stage.codes(), ElementsAre("warning unanswered example.org"));
}

TEST(StsPolicy, HasLinesThatEndEitherWay) {
  for (const char* end : {"\n", "\r\n"}) {
    const std::string page = std::string("version: STSv1") + end + "mode:enforce" + end +
                             "mx: a.example" + end + "mx:  *.b.example " + end + "max_age: 1";
    const auto policy = parse_sts_policy(page);
    ASSERT_TRUE(policy.ok()) << policy.error().detail;
    EXPECT_EQ(policy->mode, StsPolicy::Mode::enforce);
    EXPECT_THAT(policy->hosts, ElementsAre("a.example", "*.b.example"));
  }
}

TEST(StsPolicy, NeedsVersionModeAndAge) {
  EXPECT_FALSE(parse_sts_policy("mode: none\nmax_age: 1\n").ok());
  EXPECT_FALSE(parse_sts_policy("version: STSv1\nmax_age: 1\n").ok());
  EXPECT_FALSE(parse_sts_policy("version: STSv1\nmode: none\n").ok());
  EXPECT_FALSE(parse_sts_policy("version: STSv1\nmode: none\nmax_age: soon\n").ok());
  EXPECT_FALSE(parse_sts_policy("version: STSv1\nmode: strict\nmax_age: 1\n").ok());
  EXPECT_TRUE(parse_sts_policy("version: STSv1\nmode: none\nmax_age: 1\n").ok());
}

TEST(StsPolicy, HasPatternsOfOneLabel) {
  const auto policy =
      parse_sts_policy("version: STSv1\nmode: enforce\nmx: *.b.example\nmax_age: 1\n");
  ASSERT_TRUE(policy.ok());
  EXPECT_TRUE(policy->names("MX.b.example"));
  EXPECT_FALSE(policy->names("b.example"));
  EXPECT_FALSE(policy->names("a.mx.b.example"));
}

TEST(TlsRpt, ThatNobodyAsksForIsNoted) {
  Stage stage;
  stage.say("_smtp._tls.example.org", RecordType::txt, {});
  EXPECT_THAT(stage.codes(), ElementsAre("note no_tls_rpt example.org"));
}

TEST(TlsRpt, WithoutAnAddressReportsToNobody) {
  Stage stage;
  stage.say("_smtp._tls.example.org", RecordType::txt, {"v=TLSRPTv1;"});
  EXPECT_THAT(stage.codes(), ElementsAre("warning tls_rpt_record example.org"));
}

TEST(TlsRpt, ThatComesByTheWayItReportsOnIsAWarning) {
  Stage stage;
  stage.say("_smtp._tls.example.org", RecordType::txt, {"v=TLSRPTv1; rua=mailto:a@Example.org"});
  EXPECT_THAT(stage.codes(), ElementsAre("warning tls_rpt_at_home example.org"));
}

TEST(TlsRpt, ThatCannotBeLookedUpIsAWarning) {
  Stage stage;
  stage.fail("_smtp._tls.example.org", RecordType::txt);
  EXPECT_THAT(stage.codes(), ElementsAre("warning unanswered example.org"));
}

}  // namespace
}  // namespace beredd::preflight
