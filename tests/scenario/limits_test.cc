// The abuse limits on simulated time, through the front door.

#include "limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::scenario {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(Limits, ACommandThatComesAByteAMinuteIsEndedAfterTenMinutes) {
  open();
  const auto heard = begin({.opening = "EHLO c\r\n", .piece = "N", .every = 1min, .times = 60});
  world.run_for(10min - 10s);
  EXPECT_EQ(sessions(), 1);
  world.run_for(20s);
  EXPECT_EQ(sessions(), 0);
  world.run_for(2min);
  EXPECT_THAT(*heard, AllOf(HasSubstr("\r\n421 4.4.2"), EndsWith("(closed)")));
  EXPECT_EQ(limited("command_time"), 1U);
}

TEST_F(Limits, AMailThatComesAByteASecondIsEndedAfterThreeMinutes) {
  open();
  const auto heard = begin({.opening = "EHLO c\r\n" + kEnvelope + "DATA\r\nSubject: ",
                            .piece = "x",
                            .every = 1s,
                            .times = 600});
  world.run_for(50s);
  EXPECT_EQ(sessions(), 1);
  world.run_for(3min);
  EXPECT_EQ(sessions(), 0);
  EXPECT_THAT(*heard, HasSubstr("\r\n421 4.4.2"));
  EXPECT_EQ(limited("min_rate"), 1U);
  EXPECT_TRUE(house->tickets().empty());
}

TEST_F(Limits, AMailThatComesSlowlyButFastEnoughArrives) {
  open();
  const auto heard = begin({.opening = "EHLO c\r\n" + kEnvelope + "DATA\r\nSubject: x\r\n\r\n",
                            .piece = std::string(98, 'x') + "\r\n",
                            .every = 1s,
                            .times = 600,
                            .closing = ".\r\nQUIT\r\n"});
  world.run_for(15min);
  EXPECT_THAT(*heard, HasSubstr("\r\n250 2.0.0"));
  EXPECT_EQ(limited("min_rate"), 0U);
}

TEST_F(Limits, ASessionThatOnlyKeepsItselfAliveEndsAfterItsTime) {
  config.smtp.limits.session_time = 1h;
  open();
  const auto heard =
      begin({.opening = "EHLO c\r\n", .piece = "NOOP\r\n", .every = 1min, .times = 100});
  world.run_for(1h - 10s);
  EXPECT_EQ(sessions(), 1);
  world.run_for(20s);
  EXPECT_EQ(sessions(), 0);
  EXPECT_EQ(limited("session_time"), 1U);
}

TEST_F(Limits, WhoTalksBeforeTheGreetingIsTurnedAway) {
  config.smtp.limits.banner_delay = 5s;
  open();
  const std::string heard = hear("203.0.113.9", "EHLO hasty\r\n" + kMail);
  EXPECT_THAT(heard, AllOf(StartsWith("554 5.5.1"), EndsWith("(closed)"), Not(HasSubstr("220"))));
  EXPECT_EQ(limited("banner_delay"), 1U);
}

TEST_F(Limits, WhoWaitsForTheGreetingIsServed) {
  config.smtp.limits.banner_delay = 5s;
  open();
  const auto heard =
      begin({.opening = "", .piece = "EHLO c\r\n", .every = 6s, .times = 1, .closing = kMail});
  world.run_for(2min);
  EXPECT_THAT(*heard, AllOf(StartsWith("220 "), HasSubstr("\r\n250 2.0.0")));
  EXPECT_EQ(limited("banner_delay"), 0U);
}

TEST_F(Limits, TheTrustedNeedNotWaitForTheGreeting) {
  config.smtp.limits.banner_delay = 5s;
  config.smtp.trusted = {"203.0.113.0/24"};
  open();
  EXPECT_THAT(hear("203.0.113.9", "EHLO own\r\n" + kMail), HasSubstr("\r\n250 2.0.0"));
}

TEST_F(Limits, WhenAllPlacesAreTakenATransactionUnderWayFinishes) {
  config.smtp.max_sessions = 1;
  open();
  const auto first = occupy("203.0.113.9");
  const auto second = begin({.from = "198.51.100.9", .opening = "EHLO late\r\n"});
  EXPECT_THAT(*second, StartsWith("421 4.3.2"));
  EXPECT_EQ(limited("max_sessions"), 1U);
  world.run_for(2min);
  EXPECT_THAT(*first, HasSubstr("\r\n250 2.0.0"));
  EXPECT_THAT(hear("198.51.100.9", "QUIT\r\n"), StartsWith("220 "));
}

TEST_F(Limits, OneNetworkDoesNotTakeThePlacesOfAnother) {
  config.smtp.limits.sessions_per_network = 2;
  open();
  const auto first = occupy("203.0.113.1");
  const auto second = occupy("203.0.113.2");
  EXPECT_THAT(*begin({.from = "203.0.113.3", .opening = ""}), StartsWith("421 4.7.0"));
  EXPECT_THAT(*begin({.from = "198.51.100.9", .opening = ""}), StartsWith("220 "));
  EXPECT_EQ(limited("sessions_per_network"), 1U);
  world.run_for(2min);
  EXPECT_THAT(*first, HasSubstr("\r\n250 2.0.0"));
  EXPECT_THAT(*second, HasSubstr("\r\n250 2.0.0"));
}

TEST_F(Limits, ConnectionsOfANetworkAreCountedByTheMinute) {
  config.smtp.limits.connections_per_minute = 2;
  open();
  EXPECT_THAT(*begin({.opening = "QUIT\r\n"}), StartsWith("220 "));
  EXPECT_THAT(*begin({.opening = "QUIT\r\n"}), StartsWith("220 "));
  EXPECT_THAT(*begin({.opening = "QUIT\r\n"}), StartsWith("421 4.7.0"));
  EXPECT_EQ(limited("connections_per_minute"), 1U);
  world.run_for(1min);
  EXPECT_THAT(*begin({.opening = "QUIT\r\n"}), StartsWith("220 "));
}

TEST_F(Limits, MailsOfANetworkAreCountedByTheMinuteAndItIsRenewed) {
  config.smtp.limits.messages_per_minute = 2;
  open();
  const std::string heard = hear("203.0.113.9", "EHLO c\r\n" + kMail + kMail + kMail);
  EXPECT_THAT(heard, AllOf(HasSubstr("\r\n421 4.7.0"), EndsWith("(closed)")));
  EXPECT_EQ(limited("messages_per_minute"), 1U);
  EXPECT_EQ(house->tickets().size(), 2U) << "what had its 250 is here";
  EXPECT_THAT(hear("203.0.113.10", "EHLO c\r\n" + kMail), HasSubstr("\r\n250 2.0.0"));
}

TEST_F(Limits, RecipientsOverTheRateAreLeftForLaterAndTheMailIsTaken) {
  config.smtp.limits.recipients_per_minute = 1;
  open();
  const std::string heard =
      hear("203.0.113.9",
           "EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@help.example>\r\nRCPT "
           "TO:<sales@help.example>\r\nDATA\r\nSubject: x\r\n\r\nx\r\n.\r\n");
  EXPECT_THAT(heard, AllOf(HasSubstr("\r\n452 4.5.3"), HasSubstr("\r\n250 2.0.0")));
  EXPECT_EQ(limited("recipients_per_minute"), 1U);
}

TEST_F(Limits, TheTrustedAreFreeOfRatesAndHaveAReserve) {
  config.smtp.trusted = {"203.0.113.0/24"};
  config.smtp.max_sessions = 1;
  config.smtp.limits.reserved_sessions = 1;
  config.smtp.limits.connections_per_minute = 1;
  config.smtp.limits.messages_per_minute = 1;
  open();
  const auto stranger = occupy("198.51.100.9", 10min);
  EXPECT_THAT(hear("203.0.113.9", "EHLO own\r\n" + kMail + kMail + "QUIT\r\n"),
              AllOf(HasSubstr("\r\n250 2.0.0"), HasSubstr("221 "), Not(HasSubstr("421 "))));
}

TEST_F(Limits, WhoGuessesRecipientsIsEnded) {
  config.smtp.limits.unknown_recipients = 30;
  open();
  std::string words = "EHLO c\r\nMAIL FROM:<a@b.example>\r\n";
  for (int n = 0; n < 30; ++n) words += fmt::format("RCPT TO:<guess{}@else.example>\r\n", n);
  EXPECT_THAT(hear("203.0.113.9", words), Not(HasSubstr("421 ")));
  words += "RCPT TO:<guess@else.example>\r\n";
  EXPECT_THAT(hear("203.0.113.9", words), AllOf(HasSubstr("\r\n421 4.7.0"), EndsWith("(closed)")));
  EXPECT_EQ(limited("unknown_recipients"), 1U);
}

TEST_F(Limits, AfterXclientTheClientIsCountedAndNotTheFront) {
  config.smtp.xclient_from = {"203.0.113.9"};
  config.smtp.limits.messages_per_minute = 1;
  open();
  EXPECT_THAT(hear("203.0.113.9", "EHLO front\r\n" + kMail + kMail + "QUIT\r\n"),
              Not(HasSubstr("421 ")));
  EXPECT_THAT(
      hear("203.0.113.9", "EHLO front\r\nXCLIENT ADDR=198.51.100.1\r\nEHLO c\r\n" + kMail + kMail),
      AllOf(HasSubstr("\r\n250 2.0.0"), HasSubstr("\r\n421 4.7.0")));
  EXPECT_EQ(limited("messages_per_minute"), 1U);
}

}  // namespace
}  // namespace beredd::scenario
