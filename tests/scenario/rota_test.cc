// Sharing work on simulated time: absences, deputies, leases, rules, assignment.

#include "rota_house.h"

#include <algorithm>

#include "beredd/service/outgoing.h"

namespace beredd::scenario {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using What = ticket::Grant::What;

constexpr std::string_view kAutomatic = "[rota]\nassignment = \"automatic\"\n";

class Sharing : public RotaHouse {};

TEST_F(Sharing, TwoHundredTicketsAreSharedEvenlyAmongThoseOfTheirLine) {
  be(kStaffed, kAutomatic);
  rota->start();
  for (int n = 0; n < 200; ++n) {
    mail("Fault " + std::to_string(n));
    if (n % 20 == 0) {
      rota->wake();
      world.run_for(3s);
    }
  }
  rota->wake();
  world.run_for(2min);
  const auto load = loads();
  EXPECT_EQ(load.at("anna") + load.at("bo") + load.at("cia"), 200);
  EXPECT_LE(std::max({load.at("anna"), load.at("bo"), load.at("cia")}), 67);
  EXPECT_EQ(load.at("dag"), 0) << "he works in the second line";
}

TEST_F(Sharing, NothingIsAssignedWhereThatIsForPeople) {
  rota->start();
  const auto id = mail("Fault");
  rota->wake();
  world.run_for(5min);
  EXPECT_EQ(assignee(id), "");
  EXPECT_THAT(history(id), IsEmpty());
}

TEST_F(Sharing, TicketsThatThePrimaryHasAreNobodysBusiness) {
  be(kStaffed, kAutomatic);
  rota->start();
  const auto id = mail("Fault");
  change(id, [](ticket::Ticket& one) { one.custody = ticket::Custody::primary; });
  rota->wake();
  world.run_for(5min);
  EXPECT_EQ(assignee(id), "");
}

TEST_F(Sharing, WhoIsAbsentIsReplacedByTheDeputyAtOnceAndVisibly) {
  const auto id = mail("Fault");
  give(id, "anna");
  ASSERT_TRUE(absent("anna"));
  EXPECT_EQ(assignee(id), "bo");
  EXPECT_THAT(history(id), ElementsAre("anna: assigned bo (was anna): deputy, anna is absent"));
}

TEST_F(Sharing, TheDeputysDeputyTakesOverWhenBothAreAway) {
  const auto id = mail("Fault");
  give(id, "anna");
  ASSERT_TRUE(absent("bo"));
  ASSERT_TRUE(absent("anna"));
  EXPECT_EQ(assignee(id), "cia");
}

TEST_F(Sharing, WithoutADeputyTicketsAreReleased) {
  const auto open = mail("Fault"), pending = mail("Later"), solved = mail("Done");
  for (const auto id : {open, pending, solved}) give(id, "cia");
  change(pending, [](ticket::Ticket& one) { one.state = ticket::State::pending; });
  change(solved, [](ticket::Ticket& one) { one.state = ticket::State::solved; });
  ASSERT_TRUE(absent("cia"));
  EXPECT_EQ(assignee(open), "");
  EXPECT_EQ(assignee(pending), "");
  EXPECT_EQ(assignee(solved), "cia") << "what is done stays who did it";
  EXPECT_THAT(history(open), ElementsAre("anna: released cia: cia is absent"));
}

TEST_F(Sharing, ReleasedTicketsGoToTheLeastLoadedWhereAssignmentIsAutomatic) {
  be(kStaffed, kAutomatic);
  const auto id = mail("Fault"), other = mail("Other");
  give(id, "cia");
  give(other, "anna");
  ASSERT_TRUE(absent("cia"));
  EXPECT_EQ(assignee(id), "bo");
}

TEST_F(Sharing, NobodyOnLeaveKeepsATicketThatIsGivenToThem) {
  rota->start();
  ASSERT_TRUE(absent("anna"));
  const auto id = mail("Fault");
  give(id, "anna");
  world.run_for(2min);
  EXPECT_EQ(assignee(id), "bo");
}

TEST_F(Sharing, AnAbsenceEndsByItself) {
  rota->start();
  ASSERT_TRUE(absent("cia", 8h));
  EXPECT_EQ(rota->roll()->presence, 75);
  world.run_for(8h - 1s);
  EXPECT_EQ(rota->roll()->presence, 75);
  world.run_for(2s);
  EXPECT_EQ(rota->roll()->presence, 100);
  bool kept = true;
  ASSERT_TRUE(store->read([&](const store::ReadTxn& txn) -> base::Status {
    kept = !txn.absences()->empty();
    return {};
  }));
  EXPECT_FALSE(kept);
}

TEST_F(Sharing, AnAbsenceThatIsOverAlreadyIsRefused) {
  EXPECT_EQ(absent("cia", -1h).error().code, base::Code::invalid);
  EXPECT_EQ(absent("eva").error().code, base::Code::not_found);
}

class Leases : public RotaHouse {};

TEST_F(Leases, OfTwoWhoAnswerAtOnceTheSecondIsToldWhoAndUntilWhen) {
  const auto id = mail("Fault");
  EXPECT_EQ(lease(id, "anna").what, What::taken);
  const ticket::Grant second = lease(id, "bo");
  EXPECT_EQ(second.what, What::refused);
  EXPECT_EQ(second.lease.holder, "anna");
  EXPECT_EQ(second.lease.until, now() + 15min);
}

TEST_F(Leases, EndByThemselvesAndLeaveNothingBehind) {
  rota->start();
  const auto id = mail("Fault");
  EXPECT_EQ(lease(id, "anna").what, What::taken);
  world.run_for(15min + 1s);
  std::size_t left = 1;
  ASSERT_TRUE(store->read([&](const store::ReadTxn& txn) -> base::Status {
    left = txn.leases()->size();
    return {};
  }));
  EXPECT_EQ(left, 0U);
  EXPECT_EQ(lease(id, "bo").what, What::taken);
  EXPECT_THAT(history(id), Contains("beredd: lease ended the lease of anna is over"));
}

TEST_F(Leases, LastAsLongAsTheyAreRenewed) {
  rota->start();
  const auto id = mail("Fault");
  for (int n = 0; n < 6; ++n) {
    EXPECT_NE(lease(id, "anna").what, What::refused);
    world.run_for(10min);
  }
  EXPECT_EQ(lease(id, "bo").what, What::refused);
}

TEST_F(Leases, AreEndedByTheirHolderOnly) {
  const auto id = mail("Fault");
  lease(id, "anna");
  EXPECT_EQ(world.run(rota->end_lease(id, "bo", false))->error().code, base::Code::conflict);
  EXPECT_TRUE(world.run(rota->end_lease(id, "anna", false))->ok());
  EXPECT_EQ(world.run(rota->end_lease(id, "anna", false))->error().code, base::Code::not_found);
  EXPECT_EQ(lease(id, "bo").what, What::taken);
}

TEST_F(Leases, OfWhoIsReportedAbsentEnd) {
  const auto id = mail("Fault");
  lease(id, "cia");
  ASSERT_TRUE(absent("cia"));
  EXPECT_EQ(lease(id, "bo").what, What::taken);
}

class Lines : public RotaHouse {};

TEST_F(Lines, EscalationReleasesWhoDoesNotWorkThereAndSaysWhy) {
  const auto id = mail("Fault");
  give(id, "bo");
  const auto moved = world.run(rota->move_line(id, +1, "needs a database", "bo"));
  ASSERT_TRUE(moved && moved->ok());
  EXPECT_EQ((*moved)->line, 2);
  EXPECT_EQ((*moved)->assignee, "");
  EXPECT_THAT(history(id), ElementsAre("bo: escalated to line 2: needs a database",
                                       "bo: released bo: now in line 2"));
}

TEST_F(Lines, WhoWorksInBothKeepsIt) {
  const auto id = mail("Fault");
  give(id, "anna");
  ASSERT_TRUE(world.run(rota->move_line(id, +1, "", "anna"))->ok());
  EXPECT_EQ(assignee(id), "anna");
  ASSERT_TRUE(world.run(rota->move_line(id, -1, "", "anna"))->ok());
  EXPECT_EQ(seen(id).line, 1);
}

TEST_F(Lines, ThereIsNoneBeyondAndNoneWithoutPeople) {
  const auto id = mail("Fault");
  EXPECT_EQ(world.run(rota->move_line(id, -1, "", "bo"))->error().code, base::Code::conflict);
  ASSERT_TRUE(world.run(rota->move_line(id, +1, "", "bo"))->ok());
  EXPECT_THAT(world.run(rota->move_line(id, +1, "", "bo"))->error().detail,
              HasSubstr("nobody works in the next"));
}

TEST_F(Lines, AnEscalatedTicketGoesToTheirLeastLoadedByItself) {
  be(kStaffed, kAutomatic);
  rota->start();
  const auto id = mail("Fault"), other = mail("Other");
  give(id, "bo");
  give(other, "anna");
  ASSERT_TRUE(world.run(rota->move_line(id, +1, "", "bo"))->ok());
  world.run_for(10s);
  EXPECT_EQ(assignee(id), "dag");
}

constexpr std::string_view kRules = R"(
[[field]]
name = "customer"
pattern = '[Kk]undnr (\d+)'
[[rule]]
name = "big"
field = "customer"
value = "47.*"
priority = "high"
tags = ["vip"]
[[rule]]
name = "finns"
domains = ["fi"]
line = 2
assign = "auto"
language = "fi"
[[rule]]
name = "old"
older_than = "4h"
priority = "urgent"
[[rule]]
name = "few"
staffing = ["critical"]
words = ["nyhetsbrev"]
priority = "low"
)";

class Rules : public RotaHouse {
 protected:
  Rules() {
    be(kStaffed, kRules);
    rota->start();
  }
  void look() {
    rota->wake();
    world.run_for(3s);
  }
};

TEST_F(Rules, SetWhatTheySayAndRememberTheField) {
  const auto id = mail("Hej", "Kundnr 471100");
  look();
  EXPECT_EQ(seen(id).priority, ticket::Priority::high);
  EXPECT_THAT(seen(id).tags, ElementsAre("vip"));
  EXPECT_THAT(history(id), ElementsAre("beredd: fields found customer 471100",
                                       "beredd: priority set high (was normal): rule big",
                                       HasSubstr("rule big")));
}

TEST_F(Rules, DoNotUndoWhatStaffChangedSince) {
  const auto id = mail("Hej", "Kundnr 471100");
  look();
  change(id, [](ticket::Ticket& one) { one.priority = ticket::Priority::low; });
  mail("Re: Hej", "Kundnr 471100 igen", id);
  look();
  EXPECT_EQ(seen(id).priority, ticket::Priority::low);
}

TEST_F(Rules, GiveALineALanguageAndAPerson) {
  const auto id = mail("Hei", "Terve", {}, "aino@yritys.fi");
  look();
  EXPECT_EQ(seen(id).line, 2);
  EXPECT_EQ(assignee(id), "dag") << "he speaks Finnish";
}

TEST_F(Rules, OfAgeApplyAsTimePasses) {
  const auto id = mail("Hej", "Hallo");
  world.run_for(4h - 1min);
  EXPECT_EQ(seen(id).priority, ticket::Priority::normal);
  world.run_for(3min);
  EXPECT_EQ(seen(id).priority, ticket::Priority::urgent);
}

TEST_F(Rules, OfALevelApplyWhenItIsReached) {
  const auto id = mail("Hej", "Ert nyhetsbrev");
  look();
  EXPECT_EQ(seen(id).priority, ticket::Priority::normal);
  ASSERT_TRUE(world.run(rota->set_staffing(ticket::Level::critical, "anna"))->ok());
  world.run_for(3s);
  EXPECT_EQ(seen(id).priority, ticket::Priority::low);
}

TEST_F(Rules, TheLevelFollowsPresenceUnlessItIsSet) {
  EXPECT_EQ(level(), ticket::Level::normal);
  ASSERT_TRUE(absent("cia"));
  ASSERT_TRUE(absent("bo"));
  EXPECT_EQ(level(), ticket::Level::reduced) << "50 % are there";
  ASSERT_TRUE(absent("dag"));
  EXPECT_EQ(level(), ticket::Level::critical);
  ASSERT_TRUE(world.run(rota->set_staffing(ticket::Level::normal, "anna"))->ok());
  EXPECT_EQ(level(), ticket::Level::normal);
  ASSERT_TRUE(world.run(rota->set_staffing(std::nullopt, "anna"))->ok());
  EXPECT_EQ(level(), ticket::Level::critical);
}

TEST_F(Rules, NextSaysWhatToDoAndWhy) {
  mail("Older", "a");
  world.run_for(1h);
  const auto finnish = mail("Hei", "Terve", {}, "aino@yritys.fi");
  look();
  const auto next = rota->next("dag");
  ASSERT_TRUE(next.ok() && next->has_value());
  EXPECT_EQ((*next)->ticket.id, finnish) << "the other is in the first line";
  EXPECT_THAT((*next)->reasons, Contains("you speak fi"));
  EXPECT_EQ(rota->next("eva").error().code, base::Code::not_found);
}

TEST_F(Rules, ANoticeIsNoAnswer) {
  const auto id = mail("Older", "a");
  world.run_for(3h);
  apply([&](store::WriteTxn& txn) -> base::Status {
    store::Message message;
    message.direction = store::Direction::out;
    message.author = service::kNoticeAuthor;
    message.desk = "support";
    message.received = now();
    const store::Sorted sorted{id, "notice", {}, now()};
    const auto added = txn.add_message(message, sorted);
    return added ? base::Status() : base::Status(added.error());
  });
  look();
  const auto next = rota->next("bo");
  ASSERT_TRUE(next.ok() && next->has_value());
  EXPECT_EQ((*next)->ticket.id, id);
  EXPECT_THAT((*next)->reasons, Contains(HasSubstr("unanswered for 3 hours")));
}

TEST_F(Sharing, WhereNoPeopleAreNamedAnybodyWorksAtAll) {
  be(kStaffed.substr(0, kStaffed.find("[[person]]")), "");
  rota->start();
  const auto id = mail("Fault");
  world.run_for(2min);
  EXPECT_THAT(history(id), IsEmpty());
  EXPECT_EQ(level(), ticket::Level::normal);
  EXPECT_EQ(rota->next("root")->value().ticket.id, id);
  EXPECT_EQ(lease(id, "root").what, What::taken);
  EXPECT_EQ(lease(id, "bo").what, What::refused);
}

}  // namespace
}  // namespace beredd::scenario
