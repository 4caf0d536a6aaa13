#include "beredd/mail/subject.h"

#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

std::string base_of(std::string_view subject) { return normalise_subject(subject).base; }

TEST(Subject, PrefixesOfAnswersGoInAllTongues) {
  for (const std::string_view prefix :
       {"Re: ", "RE:", "re : ", "Sv: ", "SV: ", "VS: ", "AW: ", "Antw: ", "Odp: ", "Re[2]: ",
        "Re(3): ", "Re^2: ", "Re*4: ", "回复：", "Ynt: ", "Rif: "}) {
    const SubjectLine line = normalise_subject(std::string(prefix) + "The pump");
    EXPECT_EQ(line.base, "the pump") << prefix;
    EXPECT_TRUE(line.is_reply) << prefix;
    EXPECT_FALSE(line.is_forward) << prefix;
  }
}

TEST(Subject, PrefixesOfForwardsGoInAllTongues) {
  for (const std::string_view prefix :
       {"Fwd: ", "FW: ", "Fw:", "VB: ", "VL: ", "WG: ", "TR : ", "RV: ", "转发: "}) {
    const SubjectLine line = normalise_subject(std::string(prefix) + "The pump");
    EXPECT_EQ(line.base, "the pump") << prefix;
    EXPECT_TRUE(line.is_forward) << prefix;
    EXPECT_FALSE(line.is_reply) << prefix;
  }
}

TEST(Subject, StackedPrefixesAllGo) {
  const SubjectLine line = normalise_subject("Re: SV: Fwd: AW: Re[5]: The pump");
  EXPECT_EQ(line.base, "the pump");
  EXPECT_TRUE(line.is_reply);
  EXPECT_TRUE(line.is_forward);
}

TEST(Subject, PrefixesOfFurtherTonguesGo) {
  for (const std::string_view prefix : {"Svar: ", "Ang: ", "RÉF: ", "Vá: ", "ΑΠ: ", "НА: ", "Отв: ",
                                        "返信: ", "回复: ", "R: ", "Odg: ", "YNT: "}) {
    const SubjectLine line = normalise_subject(std::string(prefix) + "The pump");
    EXPECT_EQ(line.base, "the pump") << prefix;
    EXPECT_TRUE(line.is_reply) << prefix;
  }
}

TEST(Subject, PrefixesAreNumberedInManyWays) {
  for (const std::string_view prefix :
       {"Re2: ", "Re 2: ", "Re [2]: ", "RE(12) : ", "SV[3]:", "Aw^4: "}) {
    EXPECT_EQ(base_of(std::string(prefix) + "The pump"), "the pump") << prefix;
  }
}

TEST(Subject, ATagOfAListBetweenPrefixesGoes) {
  EXPECT_EQ(base_of("Re: [pumps] Re: The pump"), "the pump");
  EXPECT_EQ(base_of("[pumps] SV: The pump"), "the pump");
  EXPECT_EQ(base_of("Re: [pumps] The pump"), "[pumps] the pump");
}

TEST(Subject, FoldedItKeepsItsPrefixes) {
  EXPECT_EQ(fold_subject("Re:  SV: The\tPump"), "re: sv: the pump");
}

TEST(Subject, WrappedForwardsAreUnwrapped) {
  EXPECT_EQ(base_of("[Fwd: The pump]"), "the pump");
  EXPECT_EQ(base_of("The pump (fwd)"), "the pump");
  EXPECT_TRUE(normalise_subject("[Fwd: Re: The pump]").is_reply);
}

TEST(Subject, WordsThatOnlyLookLikePrefixesStay) {
  EXPECT_EQ(base_of("Reminder: pay"), "reminder: pay");
  EXPECT_EQ(base_of("re pump"), "re pump");
  EXPECT_EQ(base_of("Re[x]: pump"), "re[x]: pump");
  EXPECT_FALSE(normalise_subject("Store: opening").is_reply);
}

TEST(Subject, WhiteSpaceIsFolded) {
  EXPECT_EQ(base_of("  The \t pump\xC2\xA0 \xE3\x80\x80 drips "), "the pump drips");
}

TEST(Subject, LettersBeyondAsciiBecomeSmall) {
  EXPECT_EQ(base_of("ÅSA ÄÖ ΣΑΣ ДА"), "åsa äö σας да");
}

TEST(Subject, NothingIsLeftOfOnlyPrefixes) {
  const SubjectLine line = normalise_subject("Re: Fwd:");
  EXPECT_EQ(line.base, "");
  EXPECT_TRUE(line.is_reply);
  EXPECT_EQ(base_of(""), "");
}

// A blank was left at its end, so that the same subject read again was another (found by fuzzing).
TEST(Subject, AForwardInsideOfAForwardLeavesNoBlank) {
  EXPECT_EQ(normalise_subject("Re: [Fwd: A [Fwd: ]").base, "a [fwd:");
}

}  // namespace
}  // namespace beredd::mail
