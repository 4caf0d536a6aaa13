// Staff work on tickets while time passes and mail comes in.

#include "customer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::scenario {
namespace {

using base::TicketId;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;
using ticket::State;

class DeskWork : public testing::Test {
 protected:
  void SetUp() override {
    world =
        std::make_unique<simulation::World>(7, base::Instant{std::chrono::seconds(1'795'000'000)});
    house = std::make_unique<House>(*world, folder, config, primary);
  }
  void TearDown() override {
    primary.leave();
    house.reset();
    world.reset();
  }
  // The daemon crashes, and comes back later.
  void crash(base::Duration away) {
    const base::Instant now = world->clock().now() + away;
    primary.leave();
    house.reset();
    world = std::make_unique<simulation::World>(7, now);
    house = std::make_unique<House>(*world, folder, config, primary);
  }

  void deliver(const std::string& subject, const std::string& reply_to = {},
               const std::string& header = {}) {
    ASSERT_THAT(send(*house, header + mail_text(subject, reply_to), from_anna()),
                StartsWith("250"));
    world->run_for(1s);
  }
  template <typename T>
  base::Result<T> run(io::Task<base::Result<T>> task) {
    auto done = world->run(std::move(task));
    return done ? *std::move(done) : base::Result<T>(base::bug("it did not end"));
  }
  base::Result<std::vector<ticket::Ticket>> change(std::vector<std::uint64_t> ids,
                                                   ticket::Changes changes,
                                                   std::string who = "anna") {
    service::ChangeOrder order{{}, std::move(changes), std::move(who)};
    for (const std::uint64_t id : ids) order.tickets.push_back({TicketId(id)});
    return run(house->actions->change(std::move(order)));
  }
  void set_state(std::uint64_t id, State state, std::optional<base::Instant> until = {}) {
    ticket::Changes changes;
    changes.state = state;
    changes.until = until;
    const auto changed = change({id}, changes);
    ASSERT_TRUE(changed.ok()) << base::to_string(changed.error());
  }
  template <typename Query>
  auto ask(const Query& query) const {
    std::optional<decltype(query(std::declval<const store::ReadTxn&>()))> answer;
    auto read = house->store->read([&](const store::ReadTxn& txn) -> base::Status {
      answer.emplace(query(txn));
      return {};
    });
    EXPECT_TRUE(read.ok());
    return *std::move(answer);
  }
  ticket::Ticket ticket(std::uint64_t id) const {
    auto found = ask([&](const store::ReadTxn& txn) { return txn.ticket(TicketId(id)); });
    EXPECT_TRUE(found.ok());
    return found.value_or(ticket::Ticket{});
  }
  // What staff see of the history: "anna: state set: …".
  std::vector<std::string> history(std::uint64_t id) const {
    auto entries =
        ask([&](const store::ReadTxn& txn) { return txn.history(TicketId(id), {}, 1000); });
    EXPECT_TRUE(entries.ok());
    std::vector<std::string> out;
    for (const store::JournalEntry& entry : entries.value_or({})) {
      if (entry.who.empty() && entry.what != "reopened") continue;
      out.push_back(fmt::format("{}: {}: {}", entry.who, entry.what, entry.detail));
    }
    return out;
  }

  Folder folder;
  config::Config config = outage_config();
  SimulatedPrimary primary;
  std::unique_ptr<simulation::World> world;
  std::unique_ptr<House> house;
};

TEST_F(DeskWork, APendingTicketOpensByItselfWhenItsTimeHasComeAndNotBefore) {
  deliver("pump");
  const base::Instant until = world->clock().now() + 26h;
  set_state(1, State::pending, until);
  world->run_for(26h - 1s);
  EXPECT_EQ(ticket(1).state, State::pending);
  world->run_for(2s);
  EXPECT_EQ(ticket(1).state, State::open);
  EXPECT_EQ(ticket(1).pending_until, std::nullopt);
  EXPECT_LE(ticket(1).updated - until, 1s);
  EXPECT_THAT(history(1), ElementsAre(StartsWith("anna: state set: pending until "),
                                      StartsWith(": reopened: it was pending until ")));
}

TEST_F(DeskWork, TheTimeIsKeptOverACrashAndIsCaughtUpWithIfItPassedMeanwhile) {
  deliver("pump");
  deliver("car");
  set_state(1, State::pending, world->clock().now() + 1h);
  set_state(2, State::pending, world->clock().now() + 2h);
  crash(90min);
  world->run_for(1s);
  EXPECT_EQ(ticket(1).state, State::open);
  EXPECT_EQ(ticket(2).state, State::pending);
  world->run_for(1h);
  EXPECT_EQ(ticket(2).state, State::open);
}

TEST_F(DeskWork, AnEarlierTimeThanTheOneWaitedForCounts) {
  deliver("pump");
  deliver("car");
  set_state(1, State::pending, world->clock().now() + 10h);
  world->run_for(1min);
  set_state(2, State::pending, world->clock().now() + 1min);
  world->run_for(61s);
  EXPECT_EQ(ticket(2).state, State::open);
  EXPECT_EQ(ticket(1).state, State::pending);
}

TEST_F(DeskWork, ACustomersReplyOpensWhatIsPendingOrSolvedAndTheHistoryTells) {
  deliver("pump");
  set_state(1, State::pending, world->clock().now() + 48h);
  deliver("second", "pump");
  world->run_for(1min);
  EXPECT_EQ(ticket(1).state, State::open);
  EXPECT_EQ(ticket(1).pending_until, std::nullopt);
  set_state(1, State::solved);
  deliver("third", "second");
  world->run_for(1min);
  EXPECT_EQ(ticket(1).state, State::open);
  EXPECT_THAT(history(1), testing::Contains(": reopened: it was solved"));
}

TEST_F(DeskWork, AMachinesReplyOpensNothing) {
  deliver("pump");
  set_state(1, State::solved);
  deliver("away", "pump", "Auto-Submitted: auto-replied\r\n");
  world->run_for(1min);
  EXPECT_EQ(ticket(1).state, State::solved);
  EXPECT_THAT(ask([](const store::ReadTxn& txn) { return txn.messages_of(TicketId(1)); }),
              SizeIs(2));
}

TEST_F(DeskWork, OfTwoWhoActOnWhatTheySawTheSecondIsToldWhatTheFirstDid) {
  deliver("pump");
  const base::Instant seen = ticket(1).updated;
  const auto solve = [&](std::string who) {
    service::ChangeOrder order{{{TicketId(1), seen}}, {.state = State::solved}, std::move(who)};
    return run(house->actions->change(std::move(order)));
  };
  ASSERT_TRUE(solve("anna").ok());
  const auto second = solve("bo");
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, base::Code::conflict);
  EXPECT_THAT(second.error().detail, HasSubstr("anna: state set: solved"));
  EXPECT_THAT(history(1), SizeIs(1));
}

TEST_F(DeskWork, ANewMailIsAChangeToo) {
  deliver("pump");
  const base::Instant seen = ticket(1).updated;
  deliver("second", "pump");
  service::ChangeOrder order{{{TicketId(1), seen}}, {.state = State::closed}, "bo"};
  const auto closed = run(house->actions->change(std::move(order)));
  ASSERT_FALSE(closed.ok());
  EXPECT_THAT(closed.error().detail, HasSubstr("sorted"));
  EXPECT_NE(ticket(1).state, State::closed);
}

TEST_F(DeskWork, ABulkActionIsAllOrNothing) {
  for (const char* subject : {"a", "b", "c"}) deliver(subject);
  const auto failed = change({1, 2, 99, 3}, {.state = State::solved});
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, base::Code::not_found);
  EXPECT_THAT(failed.error().detail, HasSubstr("there is no ticket 99"));
  for (const std::uint64_t id : {1U, 2U, 3U}) EXPECT_EQ(ticket(id).state, State::fresh);
  ASSERT_TRUE(change({1, 2, 3}, {.state = State::solved}).ok());
  for (const std::uint64_t id : {1U, 2U, 3U}) EXPECT_EQ(ticket(id).state, State::solved);
}

TEST_F(DeskWork, UndoTakesTheLastBulkActionBackButForWhatOthersHaveChangedSince) {
  for (const char* subject : {"a", "b", "c", "d"}) deliver(subject);
  ASSERT_TRUE(change({1, 2, 3, 4}, {.state = State::solved, .add_tags = {"storm"}}).ok());
  ASSERT_TRUE(change({2}, {.state = State::closed}, "bo").ok());
  ASSERT_TRUE(change({3}, {.priority = ticket::Priority::high}, "bo").ok());
  service::MergeOrder merge{{{TicketId(4)}}, TicketId(3), "bo"};
  ASSERT_TRUE(run(house->actions->merge(std::move(merge))).ok());

  const auto undone = run(house->actions->undo("anna"));
  ASSERT_TRUE(undone.ok()) << base::to_string(undone.error());
  EXPECT_EQ(undone->what, "state solved, tags +storm");
  EXPECT_THAT(undone->tickets, ElementsAre(TicketId(1), TicketId(3)));
  ASSERT_THAT(undone->left, SizeIs(2));
  EXPECT_EQ(undone->left[0].why, "its state was changed since, to closed");
  EXPECT_EQ(undone->left[1].why, "it went up in ticket 3");
  EXPECT_EQ(ticket(1).state, State::fresh);
  EXPECT_THAT(ticket(1).tags, IsEmpty());
  EXPECT_EQ(ticket(2).state, State::closed);
  EXPECT_THAT(ticket(2).tags, ElementsAre("storm"));
  EXPECT_EQ(ticket(3).state, State::fresh);
  EXPECT_EQ(ticket(3).priority, ticket::Priority::high) << "what bo did stays";
  EXPECT_EQ(run(house->actions->undo("anna")).error().code, base::Code::not_found) << "only once";
  EXPECT_EQ(run(house->actions->undo("bo")).error().code, base::Code::not_found);
}

TEST_F(DeskWork, WhatIsUndoneIsPendingUntilItsTimeAgain) {
  deliver("a");
  deliver("b");
  set_state(1, State::pending, world->clock().now() + 1h);
  ASSERT_TRUE(change({1, 2}, {.state = State::open}).ok());
  ASSERT_TRUE(run(house->actions->undo("anna")).ok());
  EXPECT_EQ(ticket(1).state, State::pending);
  world->run_for(61min);
  EXPECT_EQ(ticket(1).state, State::open);
}

TEST_F(DeskWork, NotesStandInOrderBetweenTheMailsAndGoToNoPrimary) {
  deliver("pump");
  world->run_for(1min);
  const auto noted = run(house->actions->note({{TicketId(1)}, "She rang: it leaks.\n", "anna"}));
  ASSERT_TRUE(noted.ok()) << base::to_string(noted.error());
  deliver("second", "pump");
  world->run_for(10min);
  const auto messages = ask([](const store::ReadTxn& txn) { return txn.messages_of(TicketId(1)); });
  ASSERT_THAT(messages, SizeIs(3));
  EXPECT_EQ(messages[1], noted->front());
  const auto note = ask([&](const store::ReadTxn& txn) { return txn.sorted(messages[1]); });
  ASSERT_TRUE(note.ok() && note->has_value());
  EXPECT_THAT((*note)->reading.text, HasSubstr("She rang: it leaks."));
  EXPECT_EQ(house->counts().acknowledged + house->counts().proven, 2U)
      << "the two mails, in normal times";
  EXPECT_EQ(house->counts().waiting(), 0U);
}

TEST_F(DeskWork, AMessageThatIsSplitOffTakesItsAnswersAlong) {
  deliver("pump");
  deliver("bill", "pump");
  service::SplitOrder order{{TicketId(1)}, base::MessageId(2), "anna"};
  const auto fresh = run(house->actions->split(std::move(order)));
  ASSERT_TRUE(fresh.ok()) << base::to_string(fresh.error());
  EXPECT_EQ(fresh->subject, "bill");
  EXPECT_EQ(fresh->requester.address, "anna@customer.example");
  EXPECT_THAT(fresh->linked, ElementsAre(TicketId(1)));
  EXPECT_THAT(ticket(1).linked, ElementsAre(fresh->id));
  deliver("more of the bill", "bill");
  deliver("more of the pump", "pump");
  const auto of = [&](TicketId id) {
    return ask([&](const store::ReadTxn& txn) { return txn.messages_of(id); });
  };
  EXPECT_THAT(of(fresh->id), ElementsAre(base::MessageId(2), base::MessageId(3)));
  EXPECT_THAT(of(TicketId(1)), ElementsAre(base::MessageId(1), base::MessageId(4)));
}

TEST_F(DeskWork, TheOnlyMessageOfATicketIsNotSplitOff) {
  deliver("pump");
  service::SplitOrder order{{TicketId(1)}, base::MessageId(1), "anna"};
  const auto split = run(house->actions->split(std::move(order)));
  ASSERT_FALSE(split.ok());
  EXPECT_EQ(split.error().code, base::Code::conflict);
}

TEST_F(DeskWork, WhatWaitsInAnOutageGoesBackOnceAfterMergesAndSplits) {
  primary.set(Fail::refuse);
  world->run_for(5min);
  ASSERT_EQ(house->mode(), failover::Mode::fallback);
  deliver("a");
  deliver("b", "a");
  deliver("c");
  service::SplitOrder split{{TicketId(1)}, base::MessageId(2), "anna"};
  ASSERT_TRUE(run(house->actions->split(std::move(split))).ok());
  service::MergeOrder merge{{{TicketId(2)}}, TicketId(1), "anna"};
  ASSERT_TRUE(run(house->actions->merge(std::move(merge))).ok());
  EXPECT_EQ(house->counts().held, 3U);
  primary.set(Fail::none);
  world->run_for(2h);
  EXPECT_EQ(house->counts().waiting(), 0U);
  EXPECT_EQ(house->counts().acknowledged + house->counts().proven, 3U);
  EXPECT_EQ(ticket(2).id, TicketId(1)) << "its number still leads to it";
}

}  // namespace
}  // namespace beredd::scenario
