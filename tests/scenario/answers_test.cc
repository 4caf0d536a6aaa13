// Answers on simulated time: they go out once, in their thread, whatever the smarthost and the
// daemon do meanwhile.

#include "desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::scenario {
namespace {

using store::DeliveryState;
using testing::ElementsAre;
using testing::HasSubstr;
using ticket::State;

class Answering : public AnsweringDesk {
 protected:
  Answering() : AnsweringDesk(7) {}
};

TEST_F(Answering, GoesOutOnceAndTheCustomersReplyComesBackToTheTicket) {
  const base::TicketId id = write_in(mail_text("drips"));
  const auto written = send(answer(id, "Turn it off.\n"));
  ASSERT_TRUE(written.ok()) << base::to_string(written.error());
  ASSERT_TRUE(reached(written->message, DeliveryState::acknowledged, 1min));
  ASSERT_EQ(smarthost.kept.size(), 1U);
  const mail::Reading read = arrived(0);
  EXPECT_EQ(read.new_text, "Turn it off.\n");
  EXPECT_EQ(read.subject, "Re: drips");
  EXPECT_THAT(read.in_reply_to, ElementsAre("drips@customer.example"));
  EXPECT_THAT(read.references, ElementsAre("drips@customer.example"));
  EXPECT_THAT(read.to, ElementsAre(mail::Address{"Anna", "anna@customer.example"}));
  EXPECT_THAT(read.from, ElementsAre(mail::Address{"Support", "support@help.example"}));
  EXPECT_TRUE(read.defects.empty());
  const mail::Envelope& envelope = smarthost.kept[0].envelope;
  EXPECT_THAT(envelope.reverse_path->text(), HasSubstr("support+t1."));
  EXPECT_EQ(read.reply_to.front().address, envelope.reverse_path->text());
  EXPECT_EQ(ticket(id).state, State::pending);

  const std::string reply =
      "From: Anna <anna@customer.example>\r\nSubject: something else\r\n"
      "Message-ID: <2@customer.example>\r\nIn-Reply-To: <" +
      read.message_id + ">\r\n\r\nStill drips.\r\n";
  EXPECT_EQ(write_in(reply), id);
  EXPECT_EQ(house->tickets().size(), 1U);
  EXPECT_EQ(ticket(id).state, State::open);
}

TEST_F(Answering, WaitsForASmarthostThatIsDown) {
  const base::TicketId id = write_in(mail_text("drips"));
  smarthost.set(Fail::refuse);
  const auto written = send(answer(id, "Turn it off.\n"));
  ASSERT_TRUE(written.ok());
  world->run_for(3h);
  EXPECT_EQ(delivery(written->message).state, DeliveryState::queued);
  EXPECT_GT(delivery(written->message).attempts, 3);
  EXPECT_FALSE(delivery(written->message).words.empty());
  smarthost.set(Fail::none);
  ASSERT_TRUE(reached(written->message, DeliveryState::acknowledged, 2h));
  world->run_for(24h);
  EXPECT_EQ(smarthost.kept.size(), 1U);
}

TEST_F(Answering, TakesNothingFromThePrimarysCounts) {
  const base::TicketId id = write_in(mail_text("drips"));
  const auto before = house->counts();
  smarthost.set(Fail::refuse);
  ASSERT_TRUE(send(answer(id, "Turn it off.\n")).ok());
  world->run_for(1min);
  EXPECT_EQ(house->counts().waiting(), before.waiting());
  EXPECT_EQ(house->counts().held, 1U);
}

TEST_F(Answering, ARefusalMarksTheTicketUntilALaterMailIsTaken) {
  const base::TicketId id = write_in(mail_text("drips"));
  smarthost.set(Fail::reject);
  const auto written = send(answer(id, "Turn it off.\n"));
  ASSERT_TRUE(written.ok());
  ASSERT_TRUE(reached(written->message, DeliveryState::quarantined, 1min));
  EXPECT_TRUE(ticket(id).undelivered);
  EXPECT_THAT(delivery(written->message).words, HasSubstr("never"));
  world->run_for(24h);
  EXPECT_TRUE(smarthost.kept.empty());
  smarthost.set(Fail::none);
  const auto resent = world->run(answers->resend(written->message, "bo"));
  ASSERT_TRUE(resent && resent->ok());
  ASSERT_TRUE(reached(written->message, DeliveryState::acknowledged, 1min));
  EXPECT_FALSE(ticket(id).undelivered);
  EXPECT_EQ(smarthost.kept.size(), 1U);
}

TEST_F(Answering, WhatIsPossiblySentIsNotSentAgainByItself) {
  const base::TicketId id = write_in(mail_text("drips"));
  smarthost.set(Fail::drop_kept);
  const auto written = send(answer(id, "Turn it off.\n"));
  ASSERT_TRUE(written.ok());
  ASSERT_TRUE(reached(written->message, DeliveryState::quarantined, 1min));
  smarthost.set(Fail::none);
  world->run_for(72h);
  EXPECT_EQ(smarthost.kept.size(), 1U);
  EXPECT_THAT(delivery(written->message).words, HasSubstr("possibly sent"));
  EXPECT_TRUE(ticket(id).undelivered);
}

TEST_F(Answering, GivesUpWhenItWasPutOffForTwoDays) {
  const base::TicketId id = write_in(mail_text("drips"));
  smarthost.set(Fail::tempfail);
  const auto written = send(answer(id, "Turn it off.\n"));
  ASSERT_TRUE(written.ok());
  world->run_for(47h);
  EXPECT_EQ(delivery(written->message).state, DeliveryState::queued);
  ASSERT_TRUE(reached(written->message, DeliveryState::quarantined, 3h));
  EXPECT_THAT(delivery(written->message).words, HasSubstr("gave up after"));
  const auto given = world->run(answers->give_up(written->message, "wrong address", "bo"));
  ASSERT_TRUE(given && given->ok());
  EXPECT_EQ(delivery(written->message).state, DeliveryState::suppressed);
}

TEST_F(Answering, MailsOfATicketLeaveInTheirOrder) {
  const base::TicketId id = write_in(mail_text("drips"));
  smarthost.set(Fail::refuse);
  for (const char* text : {"one\n", "two\n", "three\n"}) {
    ASSERT_TRUE(send(answer(id, text)).ok());
  }
  world->run_for(10min);
  smarthost.set(Fail::none);
  ASSERT_TRUE(world->run_until([&] { return smarthost.kept.size() == 3; }, 2h));
  EXPECT_EQ(arrived(0).new_text, "one\n");
  EXPECT_EQ(arrived(1).new_text, "two\n");
  EXPECT_EQ(arrived(2).new_text, "three\n");
}

TEST_F(Answering, ABounceFindsTheTicketAndAPersonSettlesIt) {
  const base::TicketId id = write_in(mail_text("drips"));
  const auto written = send(answer(id, "Turn it off.\n"));
  ASSERT_TRUE(written.ok());
  ASSERT_TRUE(reached(written->message, DeliveryState::acknowledged, 1min));
  const std::string bounce =
      "From: MAILER-DAEMON@customer.example\r\nSubject: Undelivered Mail\r\n"
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
      "--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
      "Reporting-MTA: dns; customer.example\r\n\r\n"
      "Final-Recipient: rfc822; anna@customer.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
      "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <" +
      arrived(0).message_id + ">\r\n\r\n--b--\r\n";
  EXPECT_EQ(write_in(bounce, ""), id);
  EXPECT_TRUE(ticket(id).undelivered);
  const auto settled = world->run(answers->settle(id, "bo"));
  ASSERT_TRUE(settled && settled->ok());
  EXPECT_FALSE(ticket(id).undelivered);
}

TEST_F(Answering, FilesAndForwardedMailsArriveWhole) {
  const base::TicketId id = write_in(mail_text("drips"));
  const std::string picture(300'000, '\xE5');
  auto begun = world->run(uploads->begin("läcka.png", "image/png"));
  ASSERT_TRUE(begun && begun->ok());
  for (std::size_t from = 0; from < picture.size(); from += 100'000) {
    auto more = world->run(uploads->append((*begun)->id, picture.substr(from, 100'000)));
    ASSERT_TRUE(more && more->ok());
  }
  service::Writing forward = answer(id, "Please look.\n");
  forward.kind = service::Writ::forward;
  forward.to = {{"", "plumber@elsewhere.example"}};
  forward.uploads = {(*begun)->id};
  const auto written = send(forward);
  ASSERT_TRUE(written.ok()) << base::to_string(written.error());
  ASSERT_TRUE(reached(written->message, DeliveryState::acknowledged, 1min));
  const mail::Reading read = arrived(0);
  EXPECT_EQ(read.subject, "Fwd: drips");
  ASSERT_EQ(read.attachments.size(), 2U);
  EXPECT_EQ(*mail::part_bytes(smarthost.kept[0].bytes, 2), mail_text("drips"));
  EXPECT_EQ(read.attachments[1].name, "läcka.png");
  EXPECT_EQ(*mail::part_bytes(smarthost.kept[0].bytes, 3), picture);
  EXPECT_EQ(ticket(id).state, State::fresh);
}

TEST_F(Answering, AFirstMailOpensATicket) {
  service::Writing first;
  first.kind = service::Writ::opening;
  first.who = "bo";
  first.desk = "support";
  first.to = {{"Anna", "anna@customer.example"}};
  first.subject = "Your appointment";
  first.text = "It is on Monday.\n";
  const auto written = send(first);
  ASSERT_TRUE(written.ok()) << base::to_string(written.error());
  ASSERT_TRUE(reached(written->message, DeliveryState::acknowledged, 1min));
  EXPECT_EQ(ticket(written->ticket).requester.address, "anna@customer.example");
  EXPECT_EQ(ticket(written->ticket).custody, ticket::Custody::fallback);
  EXPECT_LT(world->clock().now() - arrived(0).date.value_or(base::Instant{}), 5min);
  const std::string reply =
      "From: anna@customer.example\r\nSubject: Re: Your appointment\r\n"
      "References: <" +
      arrived(0).message_id + ">\r\n\r\nFine.\r\n";
  EXPECT_EQ(write_in(reply), written->ticket);
}

TEST_F(Answering, AFirstMailThatCannotBeComposedOpensNoTicket) {
  service::Writing first;
  first.kind = service::Writ::opening;
  first.who = "bo";
  first.desk = "support";
  first.to = {{"Anna", "anna@customer.example"}};
  first.subject = "Your appointment";
  first.text = "It is on Monday.\n";
  first.uploads = {"there is no such file"};
  EXPECT_EQ(send(first).error().code, base::Code::not_found);
  first.uploads.clear();
  house->store->full = true;
  EXPECT_EQ(send(first).error().code, base::Code::store_full);
  house->store->full = false;
  EXPECT_TRUE(house->tickets().empty());
  const auto written = send(first);
  ASSERT_TRUE(written.ok()) << base::to_string(written.error());
  ASSERT_EQ(house->tickets().size(), 1U);
  EXPECT_EQ(house->tickets().front().id, written->ticket);
}

TEST_F(Answering, AFileThatNobodySendsIsDroppedByTheClock) {
  auto begun = world->run(uploads->begin("never sent.png", "image/png"));
  ASSERT_TRUE(begun && begun->ok());
  const std::string id = (*begun)->id;
  const auto append = [&] {
    auto more = world->run(uploads->append(id, std::string(100'000, 'x')));
    return more && more->ok();
  };
  ASSERT_TRUE(append());
  world->run_for(50min);
  EXPECT_TRUE(append());
  world->run_for(2h);
  EXPECT_FALSE(append());
}

TEST_F(Answering, IsTriedAsOftenAndAsLongAsTheConfigurationSays) {
  crash();
  config.outgoing.retry = {10s};
  config.outgoing.give_up = 2min;
  live();
  const base::TicketId id = write_in(mail_text("drips"));
  smarthost.set(Fail::tempfail);
  const auto written = send(answer(id, "Turn it off.\n"));
  ASSERT_TRUE(written.ok());
  world->run_for(1min);
  EXPECT_GE(delivery(written->message).attempts, 5);
  ASSERT_TRUE(reached(written->message, DeliveryState::quarantined, 2min));
}

TEST_F(Answering, IsRefusedWhereItWouldBeWrong) {
  const base::TicketId id = write_in(mail_text("drips"));
  EXPECT_EQ(send(answer(id, " \n")).error().code, base::Code::invalid);
  service::Writing nobody = answer(id, "Hello.\n");
  nobody.to = {{"", "no address"}};
  EXPECT_EQ(send(nobody).error().code, base::Code::invalid);
  EXPECT_EQ(send(answer(base::TicketId(99), "Hello.\n")).error().code, base::Code::not_found);
  service::Answers mute(*house->context, *uploads, {});
  auto refused = world->run(mute.send(answer(id, "Hello.\n")));
  ASSERT_TRUE(refused && !refused->ok());
  EXPECT_THAT(refused->error().detail, HasSubstr("[smarthost]"));
  world->run_for(1h);
  EXPECT_TRUE(smarthost.kept.empty());
}

TEST_F(Answering, WhatThePlatformHasIsAnsweredThereUnlessItIsTaken) {
  primary.set(Fail::none);
  ASSERT_TRUE(world->run_until([&] { return house->mode() == failover::Mode::normal; }, 2h));
  const base::TicketId id = write_in(mail_text("later"));
  EXPECT_EQ(send(answer(id, "Hello.\n")).error().code, base::Code::conflict);
  service::Writing taking = answer(id, "Hello.\n");
  taking.take = true;
  EXPECT_TRUE(send(taking).ok());
  EXPECT_EQ(ticket(id).custody, ticket::Custody::fallback);
}

class CrashingDesk : public AnsweringDesk, public testing::WithParamInterface<int> {
 protected:
  CrashingDesk() : AnsweringDesk(static_cast<std::uint64_t>(GetParam())) {}
};

TEST_P(CrashingDesk, SendsNothingTwiceAndForgetsNothing) {
  base::SeededRandom dice(seed);
  std::vector<base::MessageId> written;
  for (int life = 0; life < 6; ++life) {
    const base::TicketId id = write_in(mail_text("question-" + std::to_string(life)));
    for (int n = 0; n < 3; ++n) {
      const auto one = send(answer(id, "Answer " + std::to_string(written.size()) + ".\n"));
      ASSERT_TRUE(one.ok());
      written.push_back(one->message);
    }
    world->run_for(std::chrono::microseconds(dice.below(400'000)));
    crash();
    live();
  }
  world->run_for(2h);
  std::map<std::string, int> arrivals;
  for (std::size_t n = 0; n < smarthost.kept.size(); ++n) ++arrivals[arrived(n).new_text];
  for (std::size_t n = 0; n < written.size(); ++n) {
    const int times = arrivals["Answer " + std::to_string(n) + ".\n"];
    const DeliveryState state = delivery(written[n]).state;
    EXPECT_LE(times, 1) << n;
    EXPECT_TRUE(state == DeliveryState::acknowledged || state == DeliveryState::quarantined) << n;
    EXPECT_TRUE(state != DeliveryState::acknowledged || times == 1) << n;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, CrashingDesk, testing::Range(1, 9));

}  // namespace
}  // namespace beredd::scenario
