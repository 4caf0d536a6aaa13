// One outage from end to end, and the ways in which a primary can behave badly in it.

#include "customer.h"
#include "lives.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::scenario {
namespace {

using failover::Mode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using testing::UnorderedElementsAre;

class Outage : public Lives {
 protected:
  Outage() : Lives(7) {}

  bool wait_for(Mode mode, base::Duration limit = 30min) {
    return world->run_until([&] { return house->mode() == mode; }, limit);
  }
  std::vector<std::string> arrived() const {
    std::vector<std::string> subjects;
    for (const auto& kept : primary.kept) {
      const auto start = kept.bytes.find("Subject: ") + 9;
      subjects.push_back(kept.bytes.substr(start, kept.bytes.find("\r\n", start) - start));
    }
    return subjects;
  }
  std::vector<std::string> path() const {
    std::vector<std::string> modes;
    auto read = house->store->read([&](const store::ReadTxn& txn) -> base::Status {
      auto some = txn.transitions("helpdesk", 100);
      if (!some) return some.error();
      for (auto one = some->rbegin(); one != some->rend(); ++one) {
        modes.emplace_back(failover::name(one->transition.to));
      }
      return {};
    });
    EXPECT_TRUE(read.ok());
    return modes;
  }
};

TEST_F(Outage, InNormalModeMailGoesOnAtOnceAndUnchanged) {
  const std::string text = mail_text("hello");
  EXPECT_THAT(send(*house, text), StartsWith("250 "));
  world->run_for(1s);
  ASSERT_EQ(primary.kept.size(), 1U);
  EXPECT_THAT(primary.kept[0].bytes, StartsWith("Received: from client.customer.example"));
  EXPECT_EQ(below_trace(primary.kept[0].bytes), text);
  EXPECT_EQ(primary.kept[0].envelope.reverse_path->text(), "anna@customer.example");
  EXPECT_EQ(primary.kept[0].envelope.forward_paths.at(0).text(), "support@help.example");
  EXPECT_EQ(house->tickets().at(0).custody, ticket::Custody::primary);
}

// An envelope that needs SMTPUTF8 and asks for reports.
mail::Envelope demanding() {
  mail::Envelope envelope = from_anna();
  envelope.reverse_path->local = "j\xC3\xB6rg";
  envelope.smtputf8 = true;
  envelope.dsn_return = mail::DsnReturn::headers;
  envelope.envelope_id = "QQ+2B314";
  envelope.recipient_dsn = {
      {{mail::Notify::kSuccess | mail::Notify::kDelay}, "rfc822;support@customer.example"}};
  return envelope;
}

TEST_F(Outage, WhatWasAskedOfUtf8AndReportsComesThroughIt) {
  primary.smtputf8 = primary.dsn = true;
  EXPECT_THAT(send(*house, mail_text("the first shows what the primary can")), StartsWith("250 "));
  world->run_for(30s);
  primary.set(Fail::refuse);
  ASSERT_TRUE(wait_for(Mode::fallback));
  EXPECT_THAT(send(*house, mail_text("demanding"), demanding()), StartsWith("250 "));
  primary.set(Fail::none);
  ASSERT_TRUE(world->run_until([&] { return primary.kept.size() == 2; }, 2h));
  mail::Envelope kept = primary.kept[1].envelope;
  kept.body = mail::BodyType::seven_bit;
  EXPECT_EQ(kept, demanding());
  EXPECT_THAT(primary.kept[1].bytes, HasSubstr("UTF8SMTP"));
}

TEST_F(Outage, WhatThePrimaryCannotTakeOnIsNotOffered) {
  primary.dsn = true;
  EXPECT_THAT(send(*house, mail_text("the first shows what the primary can")), StartsWith("250 "));
  world->run_for(30s);
  EXPECT_THAT(send(*house, mail_text("demanding"), demanding()), StartsWith("5.6.7 "));
  mail::Envelope plain = demanding();
  plain.reverse_path->local = "joerg";
  EXPECT_THAT(send(*house, mail_text("plain"), plain), StartsWith("250 "));
  ASSERT_TRUE(world->run_until([&] { return primary.kept.size() == 2; }, 5min));
  EXPECT_FALSE(primary.kept[1].envelope.smtputf8);
  EXPECT_EQ(primary.kept[1].envelope.envelope_id, "QQ+2B314");
}

TEST_F(Outage, NothingIsOfferedBeforeThePrimaryWasSeen) {
  primary.smtputf8 = primary.dsn = true;
  EXPECT_THAT(send(*house, mail_text("demanding"), demanding()), StartsWith("5.6.7 "));
}

TEST_F(Outage, RunsItsWholeCourse) {
  EXPECT_THAT(send(*house, mail_text("before")), StartsWith("250 "));
  world->run_for(30s);
  primary.set(Fail::refuse);
  ASSERT_TRUE(wait_for(Mode::fallback));
  EXPECT_THAT(send(*house, mail_text("during-1")), StartsWith("250 "));
  EXPECT_THAT(send(*house, mail_text("during-2")), StartsWith("250 "));
  EXPECT_THAT(send(*house, mail_text("during-1-again", "during-1")), StartsWith("250 "));
  world->run_for(10min);
  EXPECT_EQ(house->counts().held, 3U);
  EXPECT_EQ(primary.kept.size(), 1U);
  ASSERT_EQ(house->tickets().size(), 3U);
  EXPECT_EQ(house->tickets().at(0).custody, ticket::Custody::fallback);

  primary.set(Fail::none);
  ASSERT_TRUE(wait_for(Mode::normal));
  // Tickets go in parallel, one ticket's messages in order.
  const auto order = arrived();
  EXPECT_THAT(order, UnorderedElementsAre("before", "during-1", "during-2", "during-1-again"));
  EXPECT_EQ(order.at(1), "during-1") << "the oldest is the canary";
  EXPECT_LT(std::find(order.begin(), order.end(), "during-1"),
            std::find(order.begin(), order.end(), "during-1-again"));
  EXPECT_THAT(path(), ElementsAre("suspect", "fallback", "probation", "handback", "normal"));
  EXPECT_EQ(house->counts().waiting(), 0U);
  world->run_for(1min);
  EXPECT_EQ(house->counts().proven, 4U) << "the primary can be asked, so all of it is looked up";
  for (const auto& ticket : house->tickets()) {
    if (ticket.subject != "before") {
      EXPECT_EQ(ticket.custody, ticket::Custody::returned);
    }
  }
}

TEST_F(Outage, ProbationLastsItsDwell) {
  primary.set(Fail::refuse);
  ASSERT_TRUE(wait_for(Mode::fallback));
  send(*house, mail_text("held"));
  primary.set(Fail::none);
  ASSERT_TRUE(wait_for(Mode::probation));
  const auto since = world->clock().now();
  world->run_for(119s);
  EXPECT_EQ(house->mode(), Mode::probation);
  EXPECT_TRUE(primary.kept.empty()) << "no canary before the dwell is over";
  ASSERT_TRUE(wait_for(Mode::normal));
  EXPECT_LE(world->clock().now() - since, 125s);
}

TEST_F(Outage, AFailureInProbationLeadsBack) {
  primary.set(Fail::refuse);
  ASSERT_TRUE(wait_for(Mode::fallback));
  primary.set(Fail::none);
  ASSERT_TRUE(wait_for(Mode::probation));
  primary.set(Fail::refuse);
  ASSERT_TRUE(wait_for(Mode::fallback, 15s));
}

TEST_F(Outage, APrimaryThatRefusesRightAfterRecoveryIsNotBelieved) {
  primary.set(Fail::refuse);
  ASSERT_TRUE(wait_for(Mode::fallback));
  send(*house, mail_text("one"));
  primary.set(Fail::reject);  // green, and says 554 to all
  ASSERT_TRUE(wait_for(Mode::probation));
  ASSERT_TRUE(wait_for(Mode::fallback, 5min));
  EXPECT_EQ(house->counts().quarantined, 0U)
      << "a 5xx just after a recovery is no word about the mail";
  primary.set(Fail::none);
  ASSERT_TRUE(wait_for(Mode::normal, 1h));
  EXPECT_THAT(arrived(), ElementsAre("one"));
}

TEST_F(Outage, OnePoisonMailDoesNotKeepTheRestFromGoingBack) {
  primary.refuses = "Subject: poison";
  primary.set(Fail::refuse);
  ASSERT_TRUE(wait_for(Mode::fallback));
  send(*house, mail_text("poison"));
  send(*house, mail_text("good"));
  primary.set(Fail::none);
  ASSERT_TRUE(wait_for(Mode::normal, 12h));
  EXPECT_THAT(arrived(), ElementsAre("good"));
  EXPECT_EQ(house->counts().quarantined, 1U);
}

TEST_F(Outage, A5xxGoesToTheQuarantineAndComesBackWhenAPersonSaysSo) {
  primary.refuses = "Subject: bad";
  send(*house, mail_text("bad"));
  send(*house, mail_text("fine"));
  world->run_for(10s);
  EXPECT_THAT(arrived(), ElementsAre("fine"));
  auto quarantined = house->handback->quarantine(10);
  ASSERT_TRUE(quarantined.ok());
  ASSERT_EQ(quarantined->size(), 1U);
  EXPECT_THAT(quarantined->at(0).words, StartsWith("554 5.6.0"));

  primary.refuses.clear();
  auto retried = world->run(house->handback->retry(quarantined->at(0).message, "helpdesk"));
  ASSERT_TRUE(retried && retried->ok());
  world->run_for(10s);
  EXPECT_THAT(arrived(), ElementsAre("fine", "bad"));
}

TEST_F(Outage, WhatThePrimaryPutsOffWaitsItsTime) {
  primary.set(Fail::tempfail);
  send(*house, mail_text("later"));
  world->run_for(10s);
  EXPECT_EQ(house->counts().queued, 1U);
  primary.set(Fail::none);
  world->run_for(30s);
  EXPECT_TRUE(primary.kept.empty()) << "one minute is the first interval";
  world->run_for(40s);
  EXPECT_THAT(arrived(), ElementsAre("later"));
}

TEST_F(Outage, ADroppedConnectionAfterTheFinalDotIsLookedUp) {
  primary.set(Fail::drop_kept);
  send(*house, mail_text("kept"));
  world->run_for(5s);
  primary.set(Fail::drop_unkept);
  send(*house, mail_text("unkept"));
  world->run_for(5s);
  primary.set(Fail::none);
  ASSERT_TRUE(world->run_until([&] { return house->counts().waiting() == 0; }, 1h));
  auto subjects = arrived();
  std::sort(subjects.begin(), subjects.end());
  EXPECT_THAT(subjects, ElementsAre("kept", "unkept"));
}

TEST_F(Outage, WhereThePrimaryCannotBeAskedADoubtfulMailGoesToAPerson) {
  die();
  primary.checkpoint = false;
  born();
  primary.set(Fail::drop_kept);
  send(*house, mail_text("doubtful"));
  world->run_for(5s);
  primary.set(Fail::none);
  world->run_for(1min);
  EXPECT_EQ(primary.kept.size(), 1U);
  auto quarantined = house->handback->quarantine(10);
  ASSERT_TRUE(quarantined.ok());
  ASSERT_EQ(quarantined->size(), 1U);
  EXPECT_THAT(quarantined->at(0).words, StartsWith("possibly delivered"));
}

TEST_F(Outage, ManualHandbackWaitsForAPerson) {
  die();
  config.primaries[0].start = config::HandbackStart::manual;
  born();
  primary.set(Fail::refuse);
  ASSERT_TRUE(wait_for(Mode::fallback));
  send(*house, mail_text("held"));
  primary.set(Fail::none);
  ASSERT_TRUE(wait_for(Mode::probation));
  world->run_for(1h);
  EXPECT_EQ(house->mode(), Mode::probation);
  EXPECT_TRUE(house->handback->status()->at(0).needs_run);
  auto run = world->run(house->handback->run("helpdesk"));
  ASSERT_TRUE(run && run->ok());
  ASSERT_TRUE(wait_for(Mode::normal));
  EXPECT_EQ(primary.kept.size(), 1U);
}

TEST_F(Outage, APausedHandbackStandsStill) {
  auto paused = world->run(house->handback->pause("helpdesk"));
  ASSERT_TRUE(paused && paused->ok());
  send(*house, mail_text("waits"));
  world->run_for(10min);
  EXPECT_TRUE(primary.kept.empty());
  auto resumed = world->run(house->handback->resume("helpdesk"));
  ASSERT_TRUE(resumed && resumed->ok());
  world->run_for(5s);
  EXPECT_EQ(primary.kept.size(), 1U);
}

TEST_F(Outage, AFlappingPrimaryFreezesInFallback) {
  die();
  config.primaries[0].failover.daily_budget = 2;
  born();
  for (int round = 0; round < 2; ++round) {
    primary.set(Fail::refuse);
    ASSERT_TRUE(wait_for(Mode::fallback));
    primary.set(Fail::none);
    if (round == 0) {
      ASSERT_TRUE(wait_for(Mode::normal));
    }
  }
  world->run_for(2h);
  EXPECT_EQ(house->mode(), Mode::fallback);
  EXPECT_TRUE(house->modes->standing("helpdesk").frozen);
  EXPECT_THAT(send(*house, mail_text("still taken")), StartsWith("250 "));
  auto released = world->run(house->modes->release("helpdesk", "anna"));
  ASSERT_TRUE(released && released->ok());
  ASSERT_TRUE(wait_for(Mode::normal));
  EXPECT_EQ(primary.kept.size(), 1U);
}

TEST_F(Outage, ForceAndAuto) {
  auto forced = world->run(house->modes->force("helpdesk", Mode::fallback, "anna"));
  ASSERT_TRUE(forced && forced->ok());
  send(*house, mail_text("held"));
  world->run_for(1h);
  EXPECT_EQ(house->mode(), Mode::fallback) << "pinned, although every check passes";
  EXPECT_EQ(house->counts().held, 1U);
  die();
  born();
  EXPECT_TRUE(house->modes->standing("helpdesk").standing.pinned) << "a pin survives a restart";
  auto released = world->run(house->modes->release("helpdesk", "anna"));
  ASSERT_TRUE(released && released->ok());
  ASSERT_TRUE(wait_for(Mode::normal));
  EXPECT_EQ(primary.kept.size(), 1U);
}

TEST_F(Outage, AFullDiskIsA452AndEndsByItself) {
  house->store->full = true;
  EXPECT_THAT(send(*house, mail_text("refused")), StartsWith("452 4.3.1"));
  house->store->full = false;
  EXPECT_THAT(send(*house, mail_text("taken")), StartsWith("250 "));
  world->run_for(5s);
  EXPECT_THAT(arrived(), ElementsAre("taken"));
}

TEST_F(Outage, AFullDiskDuringTheRelayNeitherLosesNorDoubles) {
  send(*house, mail_text("first"));
  house->store->full = true;  // before sort and relay have written anything
  world->run_for(2min);
  house->store->full = false;
  ASSERT_TRUE(world->run_until([&] { return primary.kept.size() == 1; }, 10min));
  world->run_for(1h);
  EXPECT_EQ(primary.kept.size(), 1U);
}

TEST_F(Outage, MailForNobodyHereIsRefused) {
  EXPECT_THAT(send(*house, mail_text("relay me"), "victim@elsewhere.example"),
              StartsWith("550 5.7.1"));
  EXPECT_THAT(send(*house, mail_text("hack"), "victim%elsewhere.example@other.example"),
              StartsWith("550 5.7.1"));
}

}  // namespace
}  // namespace beredd::scenario
