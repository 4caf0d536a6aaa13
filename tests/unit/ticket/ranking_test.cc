#include "beredd/ticket/ranking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::ticket {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr base::Instant kNow = base::from_micros(1'795'000'000'000'000);

Candidate waits(std::uint64_t id, base::Duration since, Priority priority = Priority::normal) {
  Candidate one;
  one.ticket.id = base::TicketId(id);
  one.ticket.desk = "support";
  one.ticket.priority = priority;
  one.waiting_since = kNow - since;
  return one;
}

Colleague anna() {
  Colleague one;
  one.name = "anna";
  one.lines = {1};
  one.languages = {"sv", "fi"};
  return one;
}

std::vector<std::uint64_t> order(const std::vector<Candidate>& queue, const LevelPolicy& policy) {
  std::vector<std::uint64_t> ids;
  for (const Ranked& one : rank(queue, policy, kNow))
    ids.push_back(one.candidate->ticket.id.value());
  return ids;
}

std::uint64_t next_id(const std::vector<Candidate>& queue, const LevelPolicy& policy = {}) {
  const auto next = next_for(anna(), queue, policy, kNow);
  return next ? next->candidate->ticket.id.value() : 0;
}

TEST(Ranking, PutsTheLongerWaitFirst) {
  EXPECT_THAT(order({waits(1, 1h), waits(2, 3h), waits(3, 2h)}, {}), ElementsAre(2, 3, 1));
}

TEST(Ranking, OutweighsAWaitByPriorityAsTheLevelSays) {
  const std::vector<Candidate> queue = {waits(1, 30h), waits(2, 1h, Priority::high)};
  EXPECT_THAT(order(queue, {}), ElementsAre(1, 2)) << "29 hours are 145 points, a step is 100";
  LevelPolicy steep;
  steep.priority_weight = 200;
  EXPECT_THAT(order(queue, steep), ElementsAre(2, 1));
}

TEST(Ranking, CountsMinutesToo) {
  EXPECT_THAT(order({waits(1, 10min), waits(2, 11min)}, {}), ElementsAre(2, 1));
}

TEST(Ranking, OfEqualsTakesTheLowerNumber) {
  EXPECT_THAT(order({waits(2, 1h), waits(1, 1h)}, {}), ElementsAre(1, 2));
}

TEST(Ranking, PutsWhoDoesNotWaitBehindAll) {
  Candidate answered = waits(1, 0h, Priority::urgent);
  answered.waiting_since.reset();
  EXPECT_THAT(order({answered, waits(2, 1min, Priority::low)}, {}), ElementsAre(2, 1));
}

TEST(Ranking, HasFirstAndUsualAndThenWhatIsHandedToNobody) {
  LevelPolicy policy;
  policy.first = {"tag:vip"};
  policy.notice_only = {"normal"};
  policy.waits = {"low", "desk:sales"};
  Candidate vip = waits(1, 1min, Priority::low);
  vip.ticket.tags = {"vip"};
  Candidate sales = waits(2, 99h, Priority::urgent);
  sales.ticket.desk = "sales";
  const std::vector<Candidate> queue = {sales, waits(3, 9h), waits(4, 1h, Priority::high), vip};
  EXPECT_THAT(order(queue, policy), ElementsAre(1, 4, 3, 2));
}

TEST(Staffing, FollowsPresence) {
  const Thresholds thresholds{60, 30};
  EXPECT_EQ(level_at(100, thresholds), Level::normal);
  EXPECT_EQ(level_at(60, thresholds), Level::normal);
  EXPECT_EQ(level_at(59, thresholds), Level::reduced);
  EXPECT_EQ(level_at(30, thresholds), Level::reduced);
  EXPECT_EQ(level_at(29, thresholds), Level::critical);
  EXPECT_EQ(level_at(0, {0, 0}), Level::normal) << "0: never";
}

TEST(Next, SaysUrgentAndOldestAndLanguage) {
  Candidate one = waits(1, 3h, Priority::urgent);
  one.language = "fi";
  const auto next = next_for(anna(), {one, waits(2, 1h)}, {}, kNow);
  ASSERT_TRUE(next);
  EXPECT_THAT(next->reasons,
              ElementsAre("urgent", "unanswered for 3 hours, the longest", "you speak fi"));
}

TEST(Next, SaysThatTheCustomerWaitsAgain) {
  Candidate one = waits(1, 12min);
  one.answered = true;
  one.ticket.assignee = "anna";
  const auto next = next_for(anna(), {one, waits(2, 1min)}, {}, kNow);
  ASSERT_TRUE(next);
  EXPECT_THAT(next->reasons,
              ElementsAre("assigned to you", "waits again for 12 minutes, the longest"));
}

TEST(Next, PassesOverWhatIsAnotherPersons) {
  Candidate theirs = waits(1, 9h, Priority::urgent);
  theirs.ticket.assignee = "bo";
  EXPECT_EQ(next_id({theirs, waits(2, 1h)}), 2U);
}

TEST(Next, PassesOverWhatAnotherPersonIsAnswering) {
  Candidate leased = waits(1, 9h);
  leased.holder = "bo";
  EXPECT_EQ(next_id({leased, waits(2, 1h)}), 2U);
}

TEST(Next, IsWhatThePersonIsAnsweringAlready) {
  Candidate leased = waits(1, 1min, Priority::low);
  leased.holder = "anna";
  EXPECT_EQ(next_id({waits(2, 9h, Priority::urgent), leased}), 1U);
}

TEST(Next, CountsOnesOwnForAStepOfPriority) {
  Candidate own = waits(1, 1h);
  own.ticket.assignee = "anna";
  EXPECT_EQ(next_id({own, waits(2, 2h)}), 1U);
  EXPECT_EQ(next_id({own, waits(2, 2h, Priority::urgent)}), 2U) << "two steps are more";
}

TEST(Next, IsOfThePersonsLineDeskAndTeam) {
  Candidate second_line = waits(1, 9h);
  second_line.ticket.line = 2;
  Candidate for_billing = waits(2, 9h);
  for_billing.team = "billing";
  EXPECT_EQ(next_id({second_line, for_billing, waits(3, 1min)}), 3U);
  EXPECT_EQ(next_id({second_line, for_billing}), 0U);
}

TEST(Next, IsNothingThatWaitsOrHasTheNoticeOnly) {
  LevelPolicy policy;
  policy.notice_only = {"normal"};
  policy.waits = {"low"};
  EXPECT_EQ(next_id({waits(1, 9h), waits(2, 9h, Priority::low)}, policy), 0U);
}

TEST(Next, IsNothingWhereNobodyWaits) {
  Candidate answered = waits(1, 0h);
  answered.waiting_since.reset();
  EXPECT_EQ(next_id({answered}), 0U);
  EXPECT_EQ(next_id({}), 0U);
}

TEST(Next, SaysWhichSelectorPutItFirst) {
  LevelPolicy policy;
  policy.first = {"urgent", "tag:vip"};
  Candidate vip = waits(1, 1min);
  vip.ticket.tags = {"vip"};
  const auto next = next_for(anna(), {vip, waits(2, 9h, Priority::high)}, policy, kNow);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->reasons.front(), "tag:vip goes first");
}

}  // namespace
}  // namespace beredd::ticket
