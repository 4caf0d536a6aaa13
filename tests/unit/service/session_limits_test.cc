// What one session may use up, by hand.

#include "session_limits.h"

#include <gtest/gtest.h>

namespace beredd::service {
namespace {

using namespace std::chrono_literals;
using Stage = SessionLimits::Stage;

const base::Instant kStart = base::from_micros(1'800'000'000'000'000);

config::Smtp small() {
  config::Smtp smtp;
  smtp.data_timeout = 1min;
  smtp.limits.messages_per_session = 2;
  smtp.limits.recipients_per_session = 3;
  smtp.limits.unknown_recipients = 1;
  return smtp;
}

void expect(const SessionLimits::Patience& patience, base::Duration wait, std::string_view limit) {
  EXPECT_EQ(patience.wait, wait);
  EXPECT_EQ(patience.limit, limit);
}

TEST(SessionLimits, LeaveASilentClientItsTimeouts) {
  SessionLimits limits(small(), kStart);
  expect(limits.patience(Stage::command, kStart), 5min, "idle_timeout");
  config::Smtp smtp;
  smtp.limits.min_rate = base::Bytes(0);
  SessionLimits without(smtp, kStart);
  expect(without.patience(Stage::data, kStart), 3min, "data_timeout");
}

TEST(SessionLimits, GiveOneLineTenMinutesHoweverItDrips) {
  SessionLimits limits(small(), kStart);
  expect(limits.patience(Stage::command, kStart), 5min, "idle_timeout");
  expect(limits.patience(Stage::command, kStart + 4min), 5min, "idle_timeout");
  expect(limits.patience(Stage::command, kStart + 8min), 2min, "command_time");
  expect(limits.patience(Stage::command, kStart + 11min), 0min, "command_time");
}

TEST(SessionLimits, GiveTheNextLineItsOwnTime) {
  SessionLimits limits(small(), kStart);
  limits.patience(Stage::command, kStart);
  limits.line_ended();
  expect(limits.patience(Stage::command, kStart + 9min), 5min, "idle_timeout");
}

TEST(SessionLimits, GiveAllAnswersBetweenTwoReadsOneIdleTimeout) {
  SessionLimits limits(small(), kStart);
  EXPECT_EQ(limits.patience_to_be_read(), 5min);
  limits.wrote(2min);
  limits.wrote(2min);
  EXPECT_EQ(limits.patience_to_be_read(), 1min);
  limits.wrote(2min);
  EXPECT_EQ(limits.patience_to_be_read(), 0min);
  limits.patience(Stage::command, kStart + 6min);
  EXPECT_EQ(limits.patience_to_be_read(), 5min);
}

TEST(SessionLimits, EndASessionAfterSixHours) {
  SessionLimits limits(small(), kStart);
  expect(limits.patience(Stage::command, kStart + 6h - 1min), 1min, "session_time");
  limits.line_ended();
  expect(limits.patience(Stage::command, kStart + 7h), 0min, "session_time");
}

TEST(SessionLimits, LetDataThatComeInFinishAfterSixHours) {
  SessionLimits limits(small(), kStart);
  expect(limits.patience(Stage::data, kStart + 7h), 1min, "data_timeout");
}

TEST(SessionLimits, WithoutASessionTimeLetItLast) {
  config::Smtp smtp;
  smtp.limits.session_time = 0s;
  SessionLimits limits(smtp, kStart);
  expect(limits.patience(Stage::command, kStart + 24h * 365), 5min, "idle_timeout");
}

TEST(SessionLimits, LookAtTheRateOnceTheDataTimeoutHasPassed) {
  SessionLimits limits(small(), kStart);
  expect(limits.patience(Stage::data, kStart), 1min, "data_timeout");
  limits.received(Stage::data, 1);
  expect(limits.patience(Stage::data, kStart + 59s), 1s, "min_rate");
  expect(limits.patience(Stage::data, kStart + 60s), 0s, "min_rate");
}

TEST(SessionLimits, CountTheBytesOfAMailForItsAverage) {
  SessionLimits limits(small(), kStart);
  limits.patience(Stage::data, kStart);
  limits.received(Stage::data, 64 * 100);
  expect(limits.patience(Stage::data, kStart + 60s), 40s, "min_rate");
  limits.received(Stage::data, 64 * 1000);
  expect(limits.patience(Stage::data, kStart + 60s), 1min, "data_timeout");
}

TEST(SessionLimits, CountNoCommandAsData) {
  SessionLimits limits(small(), kStart);
  limits.received(Stage::command, 64 * 1000);
  limits.patience(Stage::data, kStart);
  expect(limits.patience(Stage::data, kStart + 60s), 0s, "min_rate");
}

TEST(SessionLimits, GiveEachMailItsOwnTime) {
  SessionLimits limits(small(), kStart);
  limits.patience(Stage::data, kStart);
  ASSERT_FALSE(limits.message());
  expect(limits.patience(Stage::data, kStart + 1h), 1min, "data_timeout");
  expect(limits.patience(Stage::data, kStart + 1h + 59s), 1s, "min_rate");
}

TEST(SessionLimits, GiveChunksOfOneMailNoNewTime) {
  SessionLimits limits(small(), kStart);
  limits.patience(Stage::data, kStart);
  limits.patience(Stage::command, kStart + 30s);
  limits.line_ended();
  expect(limits.patience(Stage::data, kStart + 50s), 10s, "min_rate");
}

TEST(SessionLimits, EndASessionAtOneMailTooMany) {
  SessionLimits limits(small(), kStart);
  EXPECT_FALSE(limits.message());
  EXPECT_FALSE(limits.message());
  const auto refusal = limits.message();
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->reply.code, 421);
  EXPECT_EQ(refusal->limit, "messages_per_session");
}

TEST(SessionLimits, RefuseARecipientTooManyAndThenTheNextMail) {
  SessionLimits limits(small(), kStart);
  for (int n = 0; n < 3; ++n) EXPECT_FALSE(limits.recipient());
  const auto refusal = limits.recipient();
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->reply.code, 452);
  EXPECT_EQ(refusal->limit, "recipients_per_session");
  ASSERT_TRUE(limits.message());
}

TEST(SessionLimits, EndASessionThatGuessesRecipients) {
  SessionLimits limits(small(), kStart);
  EXPECT_FALSE(limits.unknown_recipient());
  const auto refusal = limits.unknown_recipient();
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->reply.code, 421);
  EXPECT_EQ(refusal->limit, "unknown_recipients");
}

TEST(SessionLimits, WithZeroesAreNone) {
  config::Smtp smtp;
  smtp.limits.messages_per_session = 0;
  smtp.limits.recipients_per_session = 0;
  smtp.limits.unknown_recipients = 0;
  SessionLimits limits(smtp, kStart);
  for (int n = 0; n < 100'000; ++n) {
    ASSERT_FALSE(limits.message());
    ASSERT_FALSE(limits.recipient());
    ASSERT_FALSE(limits.unknown_recipient());
  }
}

}  // namespace
}  // namespace beredd::service
