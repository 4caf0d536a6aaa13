#include "beredd/ticket/token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::ticket {
namespace {

using base::TicketId;
using testing::ElementsAre;
using testing::IsEmpty;

const Named kTicket{TicketId(1042), "mzxw6ytboi"};
const mail::Mailbox kDesk{"support", "example.org"};

TEST(ReplyAddress, CarriesTheNumberAndItsProofBehindAPlus) {
  const auto address = reply_address(kDesk, kTicket);
  ASSERT_TRUE(address);
  EXPECT_EQ(address->text(), "support+t1042.mzxw6ytboi@example.org");
}

TEST(ReplyAddress, IsReadBackFromItsLocalPart) {
  EXPECT_THAT(signed_numbers(reply_address(kDesk, kTicket)->local), ElementsAre(kTicket));
}

TEST(ReplyAddress, CannotBeMadeOfAQuotedLocalPartOrOneWithADetail) {
  EXPECT_FALSE(reply_address({"\"the desk\"", "example.org"}, kTicket));
  EXPECT_FALSE(reply_address({"support+eu", "example.org"}, kTicket));
  EXPECT_FALSE(reply_address({"", "example.org"}, kTicket));
}

TEST(SignedNumbers, AreFoundInAnyCase) {
  EXPECT_THAT(signed_numbers("SUPPORT+T1042.MZXW6YTBOI"), ElementsAre(kTicket));
}

TEST(SignedNumbers, SurviveWhatHostsPutAroundThem) {
  for (const std::string_view text :
       {"bounce+support+t1042.mzxw6ytboi=example.org", "SRS0=Qx1=TT=kund.example=t1042.mzxw6ytboi",
        "prvs=0123456789=support+t1042.mzxw6ytboi", "t1042.mzxw6ytboi", "<t1042.mzxw6ytboi>"}) {
    EXPECT_THAT(signed_numbers(text), ElementsAre(kTicket)) << text;
  }
}

TEST(SignedNumbers, OfSeveralAreAllGiven) {
  EXPECT_THAT(signed_numbers("a+t1042.mzxw6ytboi b+t7.abcdefgh23"),
              ElementsAre(kTicket, Named{TicketId(7), "abcdefgh23"}));
}

TEST(SignedNumbers, WhatOnlyLooksLikeOneIsNone) {
  for (const std::string_view text :
       {"support", "support+t1042", "support+t1042.", "support+t1042.short",
        "support+t1042.mzxw6ytbo1", "support+t1042.mzxw6ytboii", "support+t0.mzxw6ytboi",
        "support+t-1.mzxw6ytboi", "supportt1042.mzxw6ytboi",
        "support+t99999999999999999999.mzxw6ytboi", ""}) {
    EXPECT_THAT(signed_numbers(text), IsEmpty()) << text;
  }
}

TEST(OwnMessageId, NamesItsTicketAlsoWhenSomebodyRewroteIt) {
  const std::string id = own_message_id(kTicket, "1a2b", "mx2.example.org");
  EXPECT_EQ(id, "beredd.t1042.mzxw6ytboi.1a2b@mx2.example.org");
  EXPECT_THAT(signed_numbers(id), ElementsAre(kTicket));
  EXPECT_THAT(signed_numbers("0102-" + id + "-rewritten@gateway.example"), ElementsAre(kTicket));
  EXPECT_THAT(signed_numbers(id.substr(0, id.find("1a2b"))), ElementsAre(kTicket));
}

TEST(OwnEnvelopeId, IsAnEnvelopeIdAndIsReadBack) {
  EXPECT_TRUE(mail::is_envelope_id(own_envelope_id(kTicket)));
  EXPECT_THAT(signed_numbers(own_envelope_id(kTicket)), ElementsAre(kTicket));
}

TEST(SubjectToken, IsReadBackAsItIsWritten) {
  EXPECT_EQ(subject_token(kTicket), "[beredd-1042.mzxw6ytboi]");
  EXPECT_EQ(subject_token({TicketId(1042), ""}), "[beredd-1042]");
  EXPECT_EQ(parse_subject_token("Re: " + subject_token(kTicket) + " x"), kTicket);
  EXPECT_EQ(parse_subject_token("Re: [beredd-7] x"), (Named{TicketId(7), ""}));
}

TEST(SubjectToken, IsFoundAnywhereInAnyCase) {
  EXPECT_EQ(parse_subject_token("SV: pump [BEREDD-12]"), (Named{TicketId(12), ""}));
  EXPECT_EQ(parse_subject_token("[beredd-[beredd-12]"), (Named{TicketId(12), ""}));
  EXPECT_EQ(parse_subject_token("x [BEREDD-1042.MZXW6YTBOI]"), kTicket);
}

TEST(SubjectToken, OfSeveralTheLastCounts) {
  EXPECT_EQ(parse_subject_token("[beredd-1] Re: [beredd-2] x"), (Named{TicketId(2), ""}));
  EXPECT_EQ(parse_subject_token("[beredd-1] Re: [beredd-x]"), (Named{TicketId(1), ""}));
}

TEST(SubjectToken, WhatOnlyLooksLikeOneIsNone) {
  for (const std::string_view subject :
       {"beredd-12", "[beredd-]", "[beredd-0]", "[beredd-12", "[beredd--1]", "[beredd- 12]",
        "[beredd-12x]", "[beredd-12.short]", "[beredd-99999999999999999999]", "[other-12]", ""}) {
    EXPECT_EQ(parse_subject_token(subject), std::nullopt) << subject;
  }
}

TEST(SubjectToken, IsTakenOutOfASubjectWhereverItStands) {
  EXPECT_EQ(without_token("Re: [beredd-7] The pump"), "Re: The pump");
  EXPECT_EQ(without_token("The pump [beredd-1042.mzxw6ytboi]"), "The pump ");
  EXPECT_EQ(without_token("[beredd-1] Re: [beredd-2] x"), "Re: x");
  EXPECT_EQ(without_token("The [pump]"), "The [pump]");
}

}  // namespace
}  // namespace beredd::ticket
