#include "beredd/ticket/thread.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::ticket {
namespace {

using namespace std::chrono_literals;
using base::TicketId;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr base::Instant kNow = base::from_micros(1'795'000'000'000'000);
constexpr base::Duration kDay = 24h;

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

Clues clues(const mail::Reading& mail) {
  return clues_of(mail, {{"support", "example.org"}}, kNow);
}

TEST(Clues, NameTheNearestAncestorFirstAndEachOnce) {
  const Clues found = clues(reply());
  EXPECT_EQ(found.message_id, "four@x");
  EXPECT_THAT(found.ancestors, ElementsAre("three@x", "two@x", "one@x"));
  EXPECT_EQ(found.replied_to, 1U);
}

TEST(Clues, AMailIsNotItsOwnAncestor) {
  mail::Reading mail = reply();
  mail.references.push_back("four@x");
  mail.in_reply_to.insert(mail.in_reply_to.begin(), "four@x");
  EXPECT_THAT(clues(mail).ancestors, ElementsAre("three@x", "two@x", "one@x"));
}

TEST(Clues, PartiesAreInLowerCaseAndEachOnce) {
  EXPECT_THAT(clues(reply()).parties, ElementsAre("anna@example.org", "home@example.net"));
}

TEST(Clues, OfAMailThroughAListTheReplyToIsNoParty) {
  mail::Reading mail = reply();
  mail.kind = mail::Kind::list;
  EXPECT_THAT(clues(mail).parties, ElementsAre("anna@example.org"));
  EXPECT_TRUE(clues(mail).is_list);
}

TEST(Clues, OfAnEmptyMailAreNone) {
  const Clues found = clues({});
  EXPECT_THAT(found.ancestors, IsEmpty());
  EXPECT_THAT(found.parties, IsEmpty());
  EXPECT_THAT(found.addresses, IsEmpty());
  EXPECT_EQ(found.token, std::nullopt);
  EXPECT_EQ(found.written, kNow);
}

TEST(Clues, TheSubjectIsNormalisedAndWithoutItsToken) {
  const Clues found = clues(reply());
  EXPECT_EQ(found.subject, "the pump");
  EXPECT_TRUE(found.is_reply);
  EXPECT_EQ(found.token, (Named{TicketId(1042), ""}));
}

TEST(Clues, SignedNumbersComeFromTheEnvelopeFirst) {
  mail::Reading mail = reply();
  mail.to = {{"", "support+t7.abcdefgh23@example.org"}};
  const Clues found = clues_of(mail, {{"support+t1042.mzxw6ytboi", "example.org"}}, kNow);
  EXPECT_THAT(found.addresses,
              ElementsAre(Named{TicketId(1042), "mzxw6ytboi"}, Named{TicketId(7), "abcdefgh23"}));
}

TEST(Clues, OfAReportAreTheMailThatItIsAbout) {
  mail::Reading mail;
  mail.kind = mail::Kind::delivery_report;
  mail.report = mail::Report{
      mail::Outcome::failed, "5.1.1", "beredd.t1042.mzxw6ytboi", {"sent@x"}, {"anna@example.org"}};
  const Clues found = clues(mail);
  EXPECT_TRUE(found.is_report);
  EXPECT_THAT(found.addresses, ElementsAre(Named{TicketId(1042), "mzxw6ytboi"}));
  EXPECT_THAT(found.reported, ElementsAre("sent@x"));
  EXPECT_THAT(found.failed, ElementsAre("anna@example.org"));
}

TEST(Clues, ADateInTheFutureIsNotBelieved) {
  mail::Reading mail = reply();
  mail.date = kNow + 30 * kDay;
  EXPECT_EQ(clues(mail).written, kNow);
  mail.date = kNow - 30 * kDay;
  EXPECT_EQ(clues(mail).written, kNow - 30 * kDay);
}

// What the store found, with Anna a party of tickets up to 9.
class Decisions : public testing::Test {
 protected:
  Decisions() {
    for (std::uint64_t id = 1; id < 20; ++id) {
      findings.tickets.push_back({TicketId(id), id < 10, "the pump"});
    }
  }
  Decision made() const { return decide(clues(mail), findings, policy); }

  mail::Reading mail = reply();
  Findings findings;
  Policy policy;
};

TEST_F(Decisions, JoinTheTicketOfTheNearestKnownAncestor) {
  findings.ancestors = {{"three@x", TicketId(3)}, {"one@x", TicketId(3)}};
  EXPECT_EQ(made().join, TicketId(3));
  EXPECT_EQ(made().reason, "in-reply-to <three@x>");
  EXPECT_THAT(made().linked, IsEmpty());
  EXPECT_FALSE(made().new_participant);
  findings.ancestors = {{"one@x", TicketId(3)}};
  EXPECT_EQ(made().join, TicketId(3));
  EXPECT_EQ(made().reason, "references <one@x>");
}

TEST_F(Decisions, JoinTheTicketThatAwaitsTheMail) {
  findings.awaited_by = TicketId(5);
  EXPECT_EQ(made().join, TicketId(5));
  EXPECT_EQ(made().reason, "an earlier mail refers to this one");
}

TEST_F(Decisions, MarkNobodyWhoIsAwaited) {
  findings.awaited_by = TicketId(15);
  policy.newcomers_join = false;
  EXPECT_EQ(made().join, TicketId(15));
  EXPECT_FALSE(made().new_participant);
}

TEST_F(Decisions, OpenANewTicketWithoutEvidence) {
  EXPECT_EQ(made().join, std::nullopt);
  EXPECT_EQ(made().reason, "no known reference");
  EXPECT_THAT(made().linked, IsEmpty());
}

TEST_F(Decisions, ASignedAddressGoesBeforeAll) {
  findings.address = TicketId(4);
  findings.ancestors = {{"three@x", TicketId(3)}};
  findings.token = Findings::Token{TicketId(2), true};
  EXPECT_EQ(made().join, TicketId(4));
  EXPECT_EQ(made().reason, "signed reply address");
}

TEST_F(Decisions, AncestorsGoBeforeExpectationAndThatBeforeATokenThenThreadIndexThenSubject) {
  findings.subjects = {{TicketId(5), kNow, false}};
  EXPECT_EQ(made().join, TicketId(5));
  findings.conversation = TicketId(4);
  EXPECT_EQ(made().join, TicketId(4));
  EXPECT_EQ(made().reason, "same conversation (Thread-Index)");
  findings.token = Findings::Token{TicketId(3), true};
  EXPECT_EQ(made().join, TicketId(3));
  findings.awaited_by = TicketId(2);
  EXPECT_EQ(made().join, TicketId(2));
  findings.ancestors = {{"one@x", TicketId(1)}};
  EXPECT_EQ(made().join, TicketId(1));
}

TEST_F(Decisions, TakeATokenFromAKnownParty) {
  findings.token = Findings::Token{TicketId(9), false};
  EXPECT_EQ(made().join, TicketId(9));
  EXPECT_EQ(made().reason, "subject token from a known party");
}

TEST_F(Decisions, DoNotTakeABareTokenFromAStrangerWhateverThePolicy) {
  findings.token = Findings::Token{TicketId(19), false};
  EXPECT_EQ(made().join, std::nullopt);
  EXPECT_EQ(made().reason, "subject token from an unknown party");
  EXPECT_THAT(made().linked, ElementsAre(TicketId(19)));
}

TEST_F(Decisions, TakeAProvenTokenFromAStrangerAndMarkHim) {
  findings.token = Findings::Token{TicketId(19), true};
  EXPECT_EQ(made().join, TicketId(19));
  EXPECT_EQ(made().reason, "subject token with its proof");
  EXPECT_TRUE(made().new_participant);
}

TEST_F(Decisions, AStrangerJoinsMarked) {
  findings.ancestors = {{"three@x", TicketId(13)}};
  EXPECT_EQ(made().join, TicketId(13));
  EXPECT_TRUE(made().new_participant);
}

TEST_F(Decisions, AStrangerOpensATicketWhereTheDeskSaysSo) {
  policy.newcomers_join = false;
  findings.ancestors = {{"three@x", TicketId(13)}};
  EXPECT_EQ(made().join, std::nullopt);
  EXPECT_EQ(made().reason, "new participant under in-reply-to <three@x>");
  EXPECT_THAT(made().linked, ElementsAre(TicketId(13)));
  findings.ancestors = {{"three@x", TicketId(3)}};
  EXPECT_EQ(made().join, TicketId(3)) << "Anna is no stranger there";
}

TEST_F(Decisions, ANewSubjectUnderAnOldReferenceJoinsOrOpensAsTheDeskSays) {
  mail.subject = "Re: Invoice for November";
  findings.ancestors = {{"three@x", TicketId(3)}};
  EXPECT_EQ(made().join, TicketId(3));
  policy.new_subjects_join = false;
  EXPECT_EQ(made().join, std::nullopt);
  EXPECT_EQ(made().reason, "new subject under in-reply-to <three@x>");
  EXPECT_THAT(made().linked, ElementsAre(TicketId(3)));
  mail.subject = "Sv: The pump leaks again";
  EXPECT_EQ(made().join, TicketId(3)) << "that one is about the pump";
}

TEST_F(Decisions, ASubjectTiesOnlyReplies) {
  findings.subjects = {{TicketId(3), kNow - kDay, false}};
  EXPECT_EQ(made().join, TicketId(3));
  EXPECT_EQ(made().reason, "reply with the same subject by a known party");
  mail.subject = "The pump";
  EXPECT_EQ(made().join, std::nullopt);
}

TEST_F(Decisions, ASubjectTiesForFourteenDays) {
  findings.subjects = {{TicketId(3), kNow - 14 * kDay, false}};
  EXPECT_EQ(made().join, TicketId(3));
  findings.subjects = {{TicketId(3), kNow - 14 * kDay - 1s, false}};
  EXPECT_EQ(made().join, std::nullopt);
}

TEST_F(Decisions, ASubjectTiesAlsoAMailThatComesBehindItsReply) {
  mail.subject = "The pump";
  mail.date = kNow - 2 * kDay;
  findings.subjects = {{TicketId(3), kNow - kDay, true}};
  EXPECT_EQ(made().join, TicketId(3));
  EXPECT_EQ(made().reason, "an earlier mail replies to this subject");
  findings.subjects = {{TicketId(3), kNow - 3 * kDay, true}};
  EXPECT_EQ(made().join, std::nullopt) << "that reply is older, and answers something else";
}

TEST_F(Decisions, ASubjectTiesNothingThroughAListOrInAReport) {
  findings.subjects = {{TicketId(3), kNow, false}};
  mail.kind = mail::Kind::list;
  EXPECT_EQ(made().join, std::nullopt);
  mail.kind = mail::Kind::delivery_report;
  mail.report = mail::Report{};
  EXPECT_EQ(made().join, std::nullopt);
}

TEST_F(Decisions, AReportJoinsTheTicketOfTheMailThatItIsAbout) {
  mail.report = mail::Report{};
  mail.report->recipients = {"anna@example.org"};
  findings.failed = TicketId(14);
  findings.ancestors = {};
  EXPECT_EQ(made().join, TicketId(14));
  EXPECT_EQ(made().reason, "reports on mail to anna@example.org");
  findings.ancestors = {{"one@x", TicketId(12)}};
  EXPECT_EQ(made().join, TicketId(12));
  findings.reported = {{"sent@x", TicketId(11)}};
  EXPECT_EQ(made().join, TicketId(11));
  EXPECT_EQ(made().reason, "reports on <sent@x>");
  EXPECT_FALSE(made().new_participant) << "a daemon takes part in nothing";
}

TEST_F(Decisions, AReportJoinsWhateverThePolicy) {
  policy = {false, false};
  mail.report = mail::Report{};
  mail.subject = "Undelivered Mail Returned to Sender";
  findings.reported = {{"sent@x", TicketId(11)}};
  EXPECT_EQ(made().join, TicketId(11));
}

TEST_F(Decisions, NameTheOtherTicketsThatALateMailLinks) {
  findings.ancestors = {{"three@x", TicketId(3)}, {"two@x", TicketId(2)}, {"one@x", TicketId(2)}};
  findings.awaited_by = TicketId(8);
  EXPECT_EQ(made().join, TicketId(3));
  findings.conversation = TicketId(9);
  EXPECT_THAT(made().linked, ElementsAre(TicketId(2), TicketId(8), TicketId(9)));
}

TEST(Subjects, DifferWhenTheyShareNoWord) {
  EXPECT_TRUE(subjects_differ("the pump leaks", "invoice 4711"));
  EXPECT_FALSE(subjects_differ("the pump leaks", "pump: new offer"));
  EXPECT_FALSE(subjects_differ("pump", "pumpen läcker"));
  EXPECT_FALSE(subjects_differ("", "invoice 4711"));
  EXPECT_FALSE(subjects_differ("invoice", ""));
}

TEST(Subjects, ShareNothingByShortWordsAndSigns) {
  EXPECT_TRUE(subjects_differ("it is on - no", "we do - it"));
}

}  // namespace
}  // namespace beredd::ticket
