// Answers that go straight to the hosts of their recipients' domains: no domain has one twice, and
// none waits for another one's host.

#include "direct_desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::scenario {
namespace {

using store::DeliveryState;
using testing::HasSubstr;

class StraightOut : public DirectDesk {
 protected:
  StraightOut() : DirectDesk(11) {}
};

TEST_F(StraightOut, AMailForThreeDomainsReachesEachOnce) {
  const base::TicketId id = write_in(mail_text("drips"));
  const auto written = send(answer_to_all(id, "Turn it off.\n"));
  ASSERT_TRUE(written.ok()) << base::to_string(written.error());
  ASSERT_TRUE(reached(written->message, DeliveryState::acknowledged, 1min));
  world->run_for(24h);
  for (const auto& [domain, host] : hosts) {
    ASSERT_EQ(host->kept.size(), 1U) << domain;
    EXPECT_EQ(host->kept[0].envelope.forward_paths.size(), 1U) << domain;
  }
  EXPECT_THAT(delivery(written->message).receipt, HasSubstr("two.example: 250"));
  EXPECT_TRUE(smarthost.kept.empty());
}

TEST_F(StraightOut, ARestartBetweenTwoAttemptsSendsNothingTwice) {
  const base::TicketId id = write_in(mail_text("drips"));
  host("two.example").set(Fail::tempfail);
  const auto written = send(answer_to_all(id, "Turn it off.\n"));
  ASSERT_TRUE(written.ok());
  world->run_for(10min);
  EXPECT_EQ(delivery(written->message).state, DeliveryState::queued);
  EXPECT_EQ(arrivals("one.example", "Turn it off.\n"), 1);
  crash();
  live();
  host("two.example").set(Fail::none);
  ASSERT_TRUE(reached(written->message, DeliveryState::acknowledged, 2h));
  for (const auto& [domain, host] : hosts) {
    EXPECT_EQ(arrivals(domain, "Turn it off.\n"), 1) << domain;
  }
}

TEST_F(StraightOut, AnAnswerThatWasNotSeenIsADoubtAboutOneDomainAlone) {
  const base::TicketId id = write_in(mail_text("drips"));
  host("customer.example").set(Fail::drop_kept);
  const auto written = send(answer_to_all(id, "Turn it off.\n"));
  ASSERT_TRUE(written.ok());
  ASSERT_TRUE(reached(written->message, DeliveryState::quarantined, 1min));
  EXPECT_THAT(delivery(written->message).words, HasSubstr("customer.example: possibly sent"));
  EXPECT_TRUE(ticket(id).undelivered);
  EXPECT_EQ(arrivals("one.example", "Turn it off.\n"), 1);
  EXPECT_EQ(arrivals("two.example", "Turn it off.\n"), 1);
  host("customer.example").set(Fail::none);
  const auto resent = world->run(answers->resend(written->message, "bo"));
  ASSERT_TRUE(resent && resent->ok());
  ASSERT_TRUE(reached(written->message, DeliveryState::acknowledged, 1min));
  EXPECT_EQ(arrivals("customer.example", "Turn it off.\n"), 2);  // a person said so
  EXPECT_EQ(arrivals("one.example", "Turn it off.\n"), 1);
  EXPECT_FALSE(ticket(id).undelivered);
}

TEST_F(StraightOut, WhatOneDomainRefusesIsKnownWhileAnotherIsStillTried) {
  const base::TicketId id = write_in(mail_text("drips"));
  host("one.example").set(Fail::reject);
  host("two.example").set(Fail::refuse);
  const auto written = send(answer_to_all(id, "Turn it off.\n"));
  ASSERT_TRUE(written.ok());
  world->run_for(1min);
  EXPECT_EQ(delivery(written->message).state, DeliveryState::queued);
  EXPECT_TRUE(ticket(id).undelivered);
  host("two.example").set(Fail::none);
  ASSERT_TRUE(reached(written->message, DeliveryState::quarantined, 2h));
  EXPECT_THAT(delivery(written->message).words, HasSubstr("one.example: 554"));
  EXPECT_EQ(arrivals("two.example", "Turn it off.\n"), 1);
}

TEST_F(StraightOut, ASlowDomainHoldsUpItsOwnMailAlone) {
  host("one.example").set(Fail::hang);
  std::vector<base::MessageId> slow, fast;
  for (int n = 0; n < 12; ++n) {
    const base::TicketId id = write_in(mail_text("question-" + std::to_string(n)));
    service::Writing writing = answer(id, "Answer.\n");
    writing.to = {{"", n % 2 == 0 ? "bo@one.example" : "cai@two.example"}};
    const auto written = send(writing);
    ASSERT_TRUE(written.ok());
    (n % 2 == 0 ? slow : fast).push_back(written->message);
  }
  EXPECT_TRUE(world->run_until([&] { return host("two.example").kept.size() == 6; }, 1s));
  for (const base::MessageId message : fast) {
    EXPECT_TRUE(reached(message, DeliveryState::acknowledged, 1s));
  }
  host("one.example").set(Fail::none);
  for (const base::MessageId message : slow) {
    EXPECT_TRUE(reached(message, DeliveryState::acknowledged, 2h));
  }
  EXPECT_EQ(host("one.example").kept.size(), 6U);
}

class CrashingStraightOut : public DirectDesk, public testing::WithParamInterface<int> {
 protected:
  CrashingStraightOut() : DirectDesk(static_cast<std::uint64_t>(GetParam())) {}
};

TEST_P(CrashingStraightOut, NoDomainHasAMailTwiceAndNoneIsForgotten) {
  RecordProperty("seed", static_cast<int>(seed));
  base::SeededRandom dice(seed);
  constexpr std::array kFails = {Fail::none, Fail::none, Fail::tempfail, Fail::drop_unkept,
                                 Fail::drop_kept};
  std::vector<std::pair<base::MessageId, std::string>> written;
  for (int life = 0; life < 8; ++life) {
    for (auto& [domain, host] : hosts) host->set(kFails.at(dice.below(kFails.size())));
    const base::TicketId id = write_in(mail_text("question-" + std::to_string(life)));
    for (int n = 0; n < 3; ++n) {
      std::string text = "Answer " + std::to_string(written.size()) + ".\n";
      const auto one = send(answer_to_all(id, text));
      ASSERT_TRUE(one.ok());
      written.emplace_back(one->message, std::move(text));
    }
    world->run_for(std::chrono::microseconds(dice.below(90'000'000)));
    crash();
    live();
  }
  for (auto& [domain, host] : hosts) host->set(Fail::none);
  world->run_for(4h);
  for (const auto& [message, text] : written) {
    const store::Delivery found = delivery(message);
    EXPECT_TRUE(found.state == DeliveryState::acknowledged ||
                found.state == DeliveryState::quarantined)
        << "seed " << seed << ", message " << message.value() << " is " << name(found.state);
    ASSERT_EQ(found.parts.size(), hosts.size()) << "seed " << seed;
    for (const store::DeliveryPart& part : found.parts) {
      const int times = arrivals(part.domain, text);
      EXPECT_LE(times, 1) << "seed " << seed << ", " << part.domain << " has " << text;
      EXPECT_TRUE(part.state != store::PartState::taken || times == 1)
          << "seed " << seed << ", " << part.domain << " never had " << text;
      EXPECT_NE(part.state, store::PartState::open) << "seed " << seed;
      EXPECT_NE(part.state, store::PartState::offered) << "seed " << seed;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, CrashingStraightOut, testing::Range(1, 9));

}  // namespace
}  // namespace beredd::scenario
