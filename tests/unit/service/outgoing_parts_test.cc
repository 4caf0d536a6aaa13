#include "outgoing_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::service {
namespace {

using namespace std::chrono_literals;
using store::PartState;
using testing::ElementsAre;
using Kind = io::Handover::Kind;

constexpr base::Instant kNow{std::chrono::seconds(1'795'000'000)};

mail::Envelope to(std::vector<std::pair<std::string, std::string>> recipients) {
  mail::Envelope envelope;
  for (auto& [local, domain] : recipients) envelope.forward_paths.push_back({local, domain});
  return envelope;
}

Parts two() { return parts_of(to({{"anna", "one.example"}, {"bo", "two.example"}}), kNow); }

TEST(OutgoingParts, AreOneADomainInTheOrderOfTheRecipients) {
  const Parts parts =
      parts_of(to({{"a", "two.example"}, {"b", "one.example"}, {"c", "two.example"}}), kNow);
  EXPECT_THAT(domains_in(parts, PartState::open), ElementsAre("two.example", "one.example"));
  EXPECT_EQ(next_part_due(parts), kNow);
}

TEST(OutgoingParts, APartsEnvelopeHasItsRecipientsAndWhatTheyAskFor) {
  mail::Envelope whole = to({{"a", "two.example"}, {"b", "one.example"}, {"c", "two.example"}});
  for (const char* notify : {"NEVER", "FAILURE", "DELAY"}) {
    whole.recipient_dsn.push_back({*mail::parse_notify(notify), {}});
  }
  const mail::Envelope part = envelope_for(whole, {"two.example"});
  ASSERT_EQ(part.forward_paths.size(), 2U);
  EXPECT_EQ(part.forward_paths[1].text(), "c@two.example");
  EXPECT_EQ(part.dsn_of(1), whole.dsn_of(2));
  EXPECT_EQ(envelope_for(whole, {}).forward_paths.size(), 3U);
}

TEST(OutgoingParts, EachHasItsOwnAttempts) {
  Parts parts = two();
  const config::Outgoing outgoing;
  settle_parts(parts, {"one.example"}, {Kind::deferred, "later", kNow}, kNow, outgoing);
  settle_parts(parts, {"one.example"}, {Kind::deferred, "later", kNow + 1min}, kNow, outgoing);
  EXPECT_EQ(parts[0].due, kNow + 1min + outgoing.retry[1]);
  EXPECT_EQ(parts[0].attempts, 2);
  EXPECT_EQ(parts[1].attempts, 0);
  EXPECT_EQ(next_part_due(parts), kNow);
  settle_parts(parts, {"two.example"}, {Kind::acknowledged, "250 ok", kNow}, kNow, outgoing);
  EXPECT_EQ(next_part_due(parts), parts[0].due);
  EXPECT_EQ(words_of(parts), "one.example: later; two.example: 250 ok");
}

TEST(OutgoingParts, WhatWasTriedInVainForTooLongIsRefused) {
  Parts parts = two();
  config::Outgoing outgoing;
  outgoing.give_up = 1h;
  settle_parts(parts, {"one.example"}, {Kind::deferred, "later", kNow + 1h}, kNow, outgoing);
  EXPECT_EQ(parts[0].state, PartState::open);
  settle_parts(parts, {"one.example"}, {Kind::deferred, "later", kNow + 61min}, kNow, outgoing);
  EXPECT_EQ(parts[0].state, PartState::refused);
  EXPECT_EQ(parts[0].words, "gave up after 2 attempts; last: later");
}

TEST(OutgoingParts, ALostAnswerIsADoubtAndSaidSo) {
  Parts parts = two();
  settle_parts(parts, {"two.example"}, {Kind::unknown, "no answer", kNow}, kNow, {});
  EXPECT_THAT(domains_in(parts, PartState::doubtful), ElementsAre("two.example"));
  EXPECT_EQ(words_of(parts), "two.example: possibly sent: no answer");
}

}  // namespace
}  // namespace beredd::service
