// Notices on simulated time: whoever may be told is told once, whatever happens to the daemon, and
// no machine is.

#include "notice_desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::scenario {
namespace {

using store::DeliveryState;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using ticket::State;

class Telling : public NoticeDesk {
 protected:
  Telling() : NoticeDesk(11) {}
};

TEST_F(Telling, OneWhoWritesDuringAnOutageIsToldInTheirLanguage) {
  const base::TicketId id = take(letter("login"));
  ASSERT_EQ(smarthost.kept.size(), 1U);
  const mail::Reading read = arrived(0);
  EXPECT_EQ(read.subject, "Auto: login");
  EXPECT_THAT(read.text, HasSubstr("Ditt ärendenummer är 1."));
  EXPECT_THAT(read.text, HasSubstr("upp till 2 dagar"));
  EXPECT_THAT(read.text, HasSubstr("+46 8 123 45 67"));
  EXPECT_THAT(read.to, ElementsAre(mail::Address{"Anna", "anna@customer.example"}));
  EXPECT_THAT(read.from, ElementsAre(mail::Address{"Support", "support@help.example"}));
  EXPECT_THAT(read.in_reply_to, ElementsAre("login@customer.example"));
  EXPECT_THAT(read.references, ElementsAre("login@customer.example"));
  EXPECT_EQ(read.auto_submitted, "auto-replied");
  EXPECT_EQ(read.kind, mail::Kind::auto_reply);
  EXPECT_THAT(read.loop_marks, ElementsAre(HasSubstr("beredd.t1.")));
  EXPECT_THAT(read.message_id, HasSubstr("@mx2.help.example"));
  EXPECT_EQ(smarthost.kept[0].envelope.reverse_path, std::nullopt);
  EXPECT_THAT(smarthost.kept[0].envelope.forward_paths,
              ElementsAre(*mail::parse_mailbox("anna@customer.example")));
  EXPECT_THAT(said(), ElementsAre("notice message 2, sv"));
  const std::string reply =
      "From: Anna <anna@customer.example>\r\nTo: support@help.example\r\nSubject: tack\r\n"
      "Message-ID: <2@customer.example>\r\nIn-Reply-To: <" +
      read.message_id + ">\r\n\r\nTack!\r\n";
  EXPECT_EQ(take(reply), id) << "an answer to it is of its ticket";
}

TEST_F(Telling, IsNoAnswer) {
  const base::TicketId id = take(letter("login"));
  ASSERT_EQ(smarthost.kept.size(), 1U);
  const ticket::Ticket after = ticket(id);
  EXPECT_EQ(after.state, State::fresh);
  EXPECT_EQ(after.custody, ticket::Custody::fallback);
  EXPECT_LT(after.updated, delivery(base::MessageId(2)).created);
  const auto draft = answers->draft(service::Writ::answer, id, {}, mail::Language::english);
  ASSERT_TRUE(draft.ok());
  EXPECT_EQ(draft->message, base::MessageId(1)) << "the customer's mail is answered, not ours";
}

TEST_F(Telling, ASenderIsToldOnceInSevenDays) {
  take(letter("one"));
  take(letter("two"));
  world->run_for(72h);
  take(letter("three"), "Anna@CUSTOMER.example");
  EXPECT_EQ(smarthost.kept.size(), 1U);
  EXPECT_THAT(said(), ElementsAre("notice message 2, sv", "no notice told-already",
                                  "no notice told-already"));
  world->run_for(24h * 4);
  take(letter("four"));
  EXPECT_EQ(smarthost.kept.size(), 2U);
}

TEST_F(Telling, NothingOfWhoWasToldIsLeftAfterAWeek) {
  take(letter("one"));
  const auto last = [&] {
    std::optional<base::Instant> told;
    EXPECT_TRUE(house->store
                    ->read([&](const store::ReadTxn& txn) -> base::Status {
                      told = txn.last_notice("anna@customer.example");
                      return {};
                    })
                    .ok());
    return told;
  };
  EXPECT_NE(last(), std::nullopt);
  world->run_for(24h * 7 + 11min);
  EXPECT_EQ(last(), std::nullopt);
}

TEST_F(Telling, AStormOfAThousandSendersIsLimited) {
  config.desks.front().notice->per_hour = 50;
  config.smtp.limits.connections_per_minute = 0;  // they come through one network
  end();
  begin();
  for (int n = 0; n < 1000; ++n) {
    const std::string from = fmt::format("c{}@customer.example", n);
    write_in(letter(fmt::format("storm{}", n), from), from);
  }
  world->run_for(10min);
  EXPECT_EQ(smarthost.kept.size(), 50U);
  EXPECT_EQ(std::ranges::count(said(), "no notice too-many"), 950);
  world->run_for(1h);
  EXPECT_EQ(smarthost.kept.size(), 50U) << "late news is no news";
  take(letter("later", "late@customer.example"), "late@customer.example");
  EXPECT_EQ(smarthost.kept.size(), 51U);
  EXPECT_THAT(recipients(), Each(Pair(testing::_, 1)));
}

struct Unheard {
  std::string_view why;
  std::string from;    // of the envelope
  std::string header;  // From
  std::string fields;
};

TEST_F(Telling, NoMachineListOrDeskIsEverTold) {
  const std::string anna = "anna@customer.example";
  const Unheard all[] = {
      {"null-path", "", anna, ""},
      {"machine-path", "MAILER-DAEMON@customer.example", anna, ""},
      {"machine-path", "owner-news@customer.example", anna, ""},
      {"machine-path", "news-request@customer.example", anna, ""},
      {"machine-path", "noreply@customer.example", anna, ""},
      {"automatic", anna, anna, "Auto-Submitted: auto-replied\r\n"},
      {"automatic", anna, anna, "Auto-Submitted: auto-generated\r\n"},
      {"automatic", anna, anna, "X-Autoreply: yes\r\n"},
      {"list", anna, anna, "List-Id: <news.customer.example>\r\n"},
      {"bulk", anna, anna, "List-Unsubscribe: <mailto:off@customer.example>\r\n"},
      {"bulk", anna, anna, "Precedence: bulk\r\n"},
      {"ourselves", "support@help.example", anna, ""},
      {"ourselves", anna, "support@help.example", ""},
      {"ourselves", anna, anna, "X-Beredd-Ticket: beredd.t9.aaaaaaaaaa\r\n"},
  };
  std::vector<std::string> wanted;
  int n = 0;
  for (const Unheard& one : all) {
    take(letter(fmt::format("m{}", ++n), one.header, one.fields), one.from);
    wanted.push_back(fmt::format("no notice {}", one.why));
    ASSERT_EQ(said(), wanted) << one.fields << one.from;
  }
  const std::string hidden =
      "From: Anna <anna@customer.example>\r\nTo: undisclosed-recipients:;\r\nSubject: x\r\n"
      "Message-ID: <hidden@customer.example>\r\n\r\nHello\r\n";
  take(hidden);
  EXPECT_EQ(said().back(), "no notice not-addressed");
  world->run_for(24h);
  EXPECT_TRUE(smarthost.kept.empty());
}

TEST_F(Telling, MailThatPassesOnIsNotTold) {
  primary.set(Fail::none);
  ASSERT_TRUE(world->run_until([&] { return house->mode() == failover::Mode::normal; }, 30min));
  take(letter("calm"));
  world->run_for(1h);
  EXPECT_EQ(primary.kept.size(), 1U);
  EXPECT_TRUE(smarthost.kept.empty());
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(Telling, MailThatWasOnItsWayWhenThePrimaryFellIsTold) {
  primary.set(Fail::none);
  ASSERT_TRUE(world->run_until([&] { return house->mode() == failover::Mode::normal; }, 30min));
  primary.set(Fail::tempfail);
  take(letter("caught"));
  EXPECT_TRUE(smarthost.kept.empty()) << "it is not held yet";
  primary.set(Fail::refuse);
  ASSERT_TRUE(world->run_until([&] { return house->mode() == failover::Mode::fallback; }, 10min));
  world->run_for(1min);
  EXPECT_EQ(smarthost.kept.size(), 1U);
  EXPECT_THAT(said(), ElementsAre("notice message 2, sv"));
}

TEST_F(Telling, WhatIsHeldAgainIsNotThoughtOfAgain) {
  take(letter("one"));
  for (int n = 0; n < 3; ++n) {
    primary.set(Fail::tempfail);
    world->run_for(20min);
    primary.set(Fail::refuse);
    world->run_for(30min);
  }
  EXPECT_EQ(house->mode(), failover::Mode::fallback);
  EXPECT_EQ(smarthost.kept.size(), 1U);
  EXPECT_THAT(said(), ElementsAre("notice message 2, sv"));
}

TEST_F(Telling, ADeskMayTellAlwaysOrNever) {
  config.desks.front().notice->when = config::NoticeWhen::never;
  end();
  begin();
  take(letter("held"));
  EXPECT_TRUE(smarthost.kept.empty());
  config.desks.front().notice->when = config::NoticeWhen::always;
  end();
  begin();
  primary.set(Fail::none);
  ASSERT_TRUE(world->run_until([&] { return house->mode() == failover::Mode::normal; }, 30min));
  EXPECT_TRUE(smarthost.kept.empty()) << "what came before is no news";
  take(letter("calm"));
  EXPECT_EQ(smarthost.kept.size(), 1U);
  EXPECT_EQ(primary.kept.size(), 2U);
}

TEST_F(Telling, ARefusedNoticeIsNobodysWork) {
  smarthost.set(Fail::reject);
  const base::TicketId id = take(letter("login"));
  EXPECT_EQ(delivery(base::MessageId(2)).state, DeliveryState::suppressed);
  EXPECT_FALSE(ticket(id).undelivered);
  smarthost.set(Fail::none);
  world->run_for(24h);
  EXPECT_TRUE(smarthost.kept.empty());
}

TEST_F(Telling, WhatIsPossiblySentIsNotSentAgain) {
  smarthost.set(Fail::drop_kept);
  const base::TicketId id = take(letter("login"));
  smarthost.set(Fail::none);
  world->run_for(24h);
  EXPECT_EQ(smarthost.kept.size(), 1U);
  EXPECT_EQ(delivery(base::MessageId(2)).state, DeliveryState::suppressed);
  EXPECT_FALSE(ticket(id).undelivered);
}

TEST_F(Telling, AnAnswerDoesNotWaitBehindANoticeThatCannotLeave) {
  smarthost.set(Fail::tempfail);
  const base::TicketId id = take(letter("login"));
  const auto written = send(answer(id, "Try again.\n"));
  ASSERT_TRUE(written.ok());
  world->run_for(2min);
  smarthost.set(Fail::none);
  ASSERT_TRUE(reached(written->message, DeliveryState::acknowledged, 1h));
  ASSERT_EQ(smarthost.kept.size(), 1U);
  EXPECT_EQ(arrived(0).new_text, "Try again.\n");
  EXPECT_THAT(delivery(base::MessageId(2)).words, HasSubstr("an answer overtook it"));
}

TEST_F(Telling, ANoticeIsGivenUpWhenItIsNoNewsAnyMore) {
  smarthost.set(Fail::refuse);
  take(letter("login"));
  world->run_for(6h);
  EXPECT_EQ(delivery(base::MessageId(2)).state, DeliveryState::suppressed);
}

TEST_F(Telling, ABounceOfANoticeChangesNothing) {
  const base::TicketId id = take(letter("login"));
  ASSERT_EQ(smarthost.kept.size(), 1U);
  const auto before = ticket(id).state;
  const std::string bounce =
      "From: MAILER-DAEMON@customer.example\r\nTo: support@help.example\r\n"
      "Subject: Undelivered Mail\r\n"
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
      "--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
      "Reporting-MTA: dns; customer.example\r\n\r\n"
      "Final-Recipient: rfc822; anna@customer.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
      "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <" +
      arrived(0).message_id + ">\r\n\r\n--b--\r\n";
  EXPECT_EQ(take(bounce, ""), id);
  EXPECT_EQ(ticket(id).state, before);
  EXPECT_FALSE(ticket(id).undelivered);
  EXPECT_EQ(smarthost.kept.size(), 1U);
}

}  // namespace
}  // namespace beredd::scenario
