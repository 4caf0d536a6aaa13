#include "beredd/ticket/thread.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::ticket {
namespace {

using base::TicketId;
using testing::ElementsAre;
using testing::IsEmpty;

mail::Reading reply() {
  mail::Reading mail;
  mail.message_id = "four@x";
  mail.in_reply_to = {"three@x"};
  mail.references = {"one@x", "two@x", "three@x"};
  mail.from = {{"Anna", "Anna@Example.ORG"}};
  mail.reply_to = {{"", "anna@example.org"}, {"", "home@example.net"}};
  mail.subject = "Re: [beredd-1042] The pump";
  return mail;
}

Findings found(std::vector<Findings::Ancestor> ancestors, std::optional<TicketId> awaited_by = {},
               std::optional<Findings::Token> token = {}) {
  return {std::move(ancestors), awaited_by, std::move(token)};
}

TEST(Clues, NameTheNearestAncestorFirstAndEachOnce) {
  const Clues clues = clues_of(reply());
  EXPECT_EQ(clues.message_id, "four@x");
  EXPECT_THAT(clues.ancestors, ElementsAre("three@x", "two@x", "one@x"));
  EXPECT_EQ(clues.replied_to, 1U);
}

TEST(Clues, AMailIsNotItsOwnAncestor) {
  mail::Reading mail = reply();
  mail.references.push_back("four@x");
  mail.in_reply_to.insert(mail.in_reply_to.begin(), "four@x");
  EXPECT_THAT(clues_of(mail).ancestors, ElementsAre("three@x", "two@x", "one@x"));
}

TEST(Clues, PartiesAreInLowerCaseAndEachOnce) {
  EXPECT_THAT(clues_of(reply()).parties, ElementsAre("anna@example.org", "home@example.net"));
}

TEST(Clues, OfAnEmptyMailAreNone) {
  const Clues clues = clues_of({});
  EXPECT_THAT(clues.ancestors, IsEmpty());
  EXPECT_THAT(clues.parties, IsEmpty());
  EXPECT_EQ(clues.token, std::nullopt);
}

TEST(SubjectToken, IsReadBackAsItIsWritten) {
  EXPECT_EQ(subject_token(TicketId(1042)), "[beredd-1042]");
  EXPECT_EQ(parse_subject_token("Re: " + subject_token(TicketId(7)) + " x"), TicketId(7));
}

TEST(SubjectToken, IsFoundAnywhereInAnyCase) {
  EXPECT_EQ(parse_subject_token("SV: pump [BEREDD-12]"), TicketId(12));
  EXPECT_EQ(parse_subject_token("[beredd-[beredd-12]"), TicketId(12));
}

TEST(SubjectToken, OfSeveralTheLastCounts) {
  EXPECT_EQ(parse_subject_token("[beredd-1] Re: [beredd-2] x"), TicketId(2));
  EXPECT_EQ(parse_subject_token("[beredd-1] Re: [beredd-x]"), TicketId(1));
}

TEST(SubjectToken, WhatOnlyLooksLikeOneIsNone) {
  for (const std::string_view subject :
       {"beredd-12", "[beredd-]", "[beredd-0]", "[beredd-12", "[beredd--1]", "[beredd- 12]",
        "[beredd-12x]", "[beredd-99999999999999999999]", "[other-12]", ""}) {
    EXPECT_EQ(parse_subject_token(subject), std::nullopt) << subject;
  }
}

TEST(Decision, JoinsTheTicketOfTheNearestKnownAncestor) {
  const Clues clues = clues_of(reply());
  const Decision nearest = decide(clues, found({{"three@x", TicketId(3)}, {"one@x", TicketId(3)}}));
  EXPECT_EQ(nearest.join, TicketId(3));
  EXPECT_EQ(nearest.reason, "in-reply-to <three@x>");
  EXPECT_THAT(nearest.linked, IsEmpty());
  const Decision farther = decide(clues, found({{"one@x", TicketId(3)}}));
  EXPECT_EQ(farther.join, TicketId(3));
  EXPECT_EQ(farther.reason, "references <one@x>");
}

TEST(Decision, JoinsTheTicketThatAwaitsTheMail) {
  const Decision decision = decide(clues_of(reply()), found({}, TicketId(5)));
  EXPECT_EQ(decision.join, TicketId(5));
  EXPECT_EQ(decision.reason, "an earlier mail refers to this one");
}

TEST(Decision, TakesATokenFromAKnownParty) {
  const Decision decision =
      decide(clues_of(reply()),
             found({}, {}, Findings::Token{TicketId(1042), {"bo@x", "home@example.net"}}));
  EXPECT_EQ(decision.join, TicketId(1042));
  EXPECT_EQ(decision.reason, "subject token from a known party");
}

TEST(Decision, DoesNotTakeATokenFromAStranger) {
  const Decision decision =
      decide(clues_of(reply()), found({}, {}, Findings::Token{TicketId(1042), {"bo@x"}}));
  EXPECT_EQ(decision.join, std::nullopt);
  EXPECT_EQ(decision.reason, "subject token from an unknown party");
}

TEST(Decision, OpensANewTicketWithoutEvidence) {
  const Decision decision = decide(clues_of(reply()), {});
  EXPECT_EQ(decision.join, std::nullopt);
  EXPECT_EQ(decision.reason, "no known reference");
}

TEST(Decision, PrefersAncestorsToExpectationAndBothToATokens) {
  const Findings::Token token{TicketId(9), {"anna@example.org"}};
  const Clues clues = clues_of(reply());
  EXPECT_EQ(decide(clues, found({{"one@x", TicketId(1)}}, TicketId(2), token)).join, TicketId(1));
  EXPECT_EQ(decide(clues, found({}, TicketId(2), token)).join, TicketId(2));
}

TEST(Decision, NamesTheOtherTicketsThatALateMailLinks) {
  const Decision decision =
      decide(clues_of(reply()),
             found({{"three@x", TicketId(3)}, {"two@x", TicketId(2)}, {"one@x", TicketId(2)}},
                   TicketId(8)));
  EXPECT_EQ(decision.join, TicketId(3));
  EXPECT_THAT(decision.linked, ElementsAre(TicketId(2), TicketId(8)));
}

}  // namespace
}  // namespace beredd::ticket
