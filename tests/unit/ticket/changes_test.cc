#include "beredd/ticket/changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::ticket {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr base::Instant kNow = base::from_micros(1'795'000'000'000'000);  // 2026-11-18T11:06:40Z

Ticket open_ticket() {
  Ticket ticket;
  ticket.id = base::TicketId(7);
  ticket.state = State::open;
  ticket.assignee = "bo";
  ticket.tags = {"vip"};
  ticket.updated = kNow;
  return ticket;
}

TEST(Changes, SayWhatTheyDidAndWhatWasBefore) {
  Ticket ticket = open_ticket();
  Changes changes;
  changes.state = State::pending;
  changes.until = kNow + 1h;
  changes.assignee = "anna";
  changes.priority = Priority::high;
  changes.add_tags = {"printer", "vip"};
  changes.remove_tags = {"absent"};
  EXPECT_THAT(apply(changes, ticket),
              ElementsAre(Step{"state set", "pending until 2026-11-18T12:06:40Z (was open)"},
                          Step{"assigned", "anna (was bo)"},
                          Step{"priority set", "high (was normal)"}, Step{"tagged", "printer"}));
  EXPECT_EQ(ticket.state, State::pending);
  EXPECT_EQ(ticket.pending_until, kNow + 1h);
  EXPECT_THAT(ticket.tags, ElementsAre("vip", "printer"));
}

TEST(Changes, ThatAreSoAlreadyAreNone) {
  Ticket ticket = open_ticket();
  const Ticket before = ticket;
  Changes changes;
  changes.state = State::open;
  changes.assignee = "bo";
  changes.priority = Priority::normal;
  changes.add_tags = {"vip"};
  EXPECT_THAT(apply(changes, ticket), IsEmpty());
  EXPECT_EQ(ticket, before);
}

TEST(Changes, AnotherTimeOfThePendingStateIsAChangeAndAnotherStateForgetsIt) {
  Ticket ticket = open_ticket();
  Changes changes;
  changes.state = State::pending;
  changes.until = kNow + 1h;
  ASSERT_THAT(apply(changes, ticket), testing::SizeIs(1));
  changes.until = kNow + 2h;
  EXPECT_THAT(apply(changes, ticket), testing::SizeIs(1));
  EXPECT_EQ(ticket.pending_until, kNow + 2h);
  changes.until.reset();
  EXPECT_THAT(apply(changes, ticket), testing::SizeIs(1));
  EXPECT_EQ(ticket.pending_until, std::nullopt);
  changes.until = kNow + 2h;
  static_cast<void>(apply(changes, ticket));
  Changes solved;
  solved.state = State::solved;
  EXPECT_THAT(apply(solved, ticket),
              ElementsAre(Step{"state set", "solved (was pending until 2026-11-18T13:06:40Z)"}));
  EXPECT_EQ(ticket.pending_until, std::nullopt);
}

TEST(Changes, ReleasingNamesWhoHadIt) {
  Ticket ticket = open_ticket();
  Changes changes;
  changes.assignee = "";
  EXPECT_THAT(apply(changes, ticket), ElementsAre(Step{"released", "bo"}));
  EXPECT_EQ(ticket.assignee, "");
}

TEST(Changes, HaveWordsForThePreview) {
  Changes changes;
  changes.state = State::pending;
  changes.until = kNow;
  changes.assignee = "";
  changes.priority = Priority::low;
  changes.add_tags = {"a", "b"};
  changes.remove_tags = {"c"};
  EXPECT_EQ(words(changes),
            "state pending until 2026-11-18T11:06:40Z, assigned to nobody, priority low, "
            "tags +a +b -c");
}

struct Wrong {
  const char* what;
  Changes changes;
  const char* says;
};

TEST(Changes, ThatNoTicketCanTakeAreRefused) {
  Changes past{.state = State::pending, .until = kNow};
  Changes lasting{.state = State::solved, .until = kNow + 1h};
  Changes alone{.until = kNow + 1h};
  Changes both{.add_tags = {"a"}, .remove_tags = {"a"}};
  const Wrong wrong[] = {
      {"nothing", {}, "nothing is to be changed"},
      {"new", {.state = State::fresh}, "never again"},
      {"past", past, "is over already"},
      {"lasting", lasting, "only the state pending"},
      {"alone", alone, "only the state pending"},
      {"both", both, "both come and go"},
      {"blank", {.add_tags = {"a b"}}, "is no tag"},
      {"comma", {.add_tags = {"a,b"}}, "is no tag"},
      {"empty", {.remove_tags = {""}}, "is no tag"},
      {"long", {.add_tags = {std::string(65, 'x')}}, "is no tag"},
      {"bytes", {.add_tags = {"\xff"}}, "is no tag"},
      {"control", {.assignee = "an\nna"}, "is no name"},
      {"padded", {.assignee = " anna"}, "is no name"},
  };
  for (const Wrong& one : wrong) {
    const base::Status checked = check(one.changes, kNow);
    ASSERT_FALSE(checked.ok()) << one.what;
    EXPECT_EQ(checked.error().code, base::Code::invalid) << one.what;
    EXPECT_THAT(checked.error().detail, HasSubstr(one.says)) << one.what;
  }
  EXPECT_TRUE(check({.assignee = "Åsa Öberg"}, kNow).ok());
  EXPECT_TRUE(check({.add_tags = {"skrivare-på-plan-2"}}, kNow).ok());
}

TEST(Revert, BringsBackWhatWas) {
  const Ticket before = open_ticket();
  Ticket after = before;
  Changes changes{.state = State::solved,
                  .assignee = "anna",
                  .priority = Priority::urgent,
                  .add_tags = {"storm"},
                  .remove_tags = {"vip"}};
  ASSERT_THAT(apply(changes, after), testing::SizeIs(5));
  Ticket now = after;
  const auto steps = revert(before, after, now);
  ASSERT_TRUE(steps.ok());
  EXPECT_THAT(*steps, testing::SizeIs(5));
  EXPECT_EQ(now, before);
}

TEST(Revert, LeavesWhatCameSince) {
  const Ticket before = open_ticket();
  Ticket after = before;
  static_cast<void>(apply({.add_tags = {"storm"}}, after));
  Ticket now = after;
  now.state = State::solved;
  now.tags.push_back("later");
  ASSERT_TRUE(revert(before, after, now).ok());
  EXPECT_EQ(now.state, State::solved) << "this action had not touched it";
  EXPECT_THAT(now.tags, ElementsAre("vip", "later"));
}

TEST(Revert, IsRefusedWhereTheSameThingWasChangedSinceAndThenNothingIsTouched) {
  const Ticket before = open_ticket();
  Ticket after = before;
  static_cast<void>(apply({.state = State::solved, .assignee = "anna"}, after));
  Ticket now = after;
  now.assignee = "eva";
  const Ticket untouched = now;
  const auto steps = revert(before, after, now);
  ASSERT_FALSE(steps.ok());
  EXPECT_EQ(steps.error().code, base::Code::conflict);
  EXPECT_EQ(steps.error().detail, "its assignee was changed since, to eva");
  EXPECT_EQ(now, untouched);
}

TEST(Touching, IsSeenInWhateverClock) {
  Ticket ticket = open_ticket();
  touch(ticket, kNow);
  EXPECT_EQ(ticket.updated, kNow + 1us) << "the clock stood still";
  touch(ticket, kNow - 1h);
  EXPECT_EQ(ticket.updated, kNow + 2us) << "the clock went back";
  touch(ticket, kNow + 1h);
  EXPECT_EQ(ticket.updated, kNow + 1h);
}

}  // namespace
}  // namespace beredd::ticket
