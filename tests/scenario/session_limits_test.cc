// What one session may use up, and what a connection may before it is one, through the front door.

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

constexpr const char* kBalancer = "198.51.100.2";

class SessionLimits : public Limits {};

TEST_F(SessionLimits, MailsOverTheNumberForOneSessionWaitForTheNext) {
  config.smtp.limits.messages_per_session = 2;
  open();
  const std::string heard = hear("203.0.113.9", "EHLO c\r\n" + kMail + kMail + kMail);
  EXPECT_THAT(heard, AllOf(HasSubstr("\r\n421 4.7.0"), EndsWith("(closed)")));
  EXPECT_EQ(limited("messages_per_session"), 1U);
  EXPECT_EQ(house->tickets().size(), 2U) << "what had its 250 is here";
  EXPECT_THAT(hear("203.0.113.9", "EHLO c\r\n" + kMail), HasSubstr("\r\n250 2.0.0"));
}

TEST_F(SessionLimits, ARecipientTooManyLeavesTheMailToTheOthersAndEndsTheSessionBehindIt) {
  config.smtp.limits.recipients_per_session = 2;
  open();
  const std::string recipient = "RCPT TO:<sales@help.example>\r\n";
  const std::string heard = hear("203.0.113.9", "EHLO c\r\n" + kEnvelope + recipient + recipient +
                                                    "DATA\r\nSubject: x\r\n\r\nx\r\n.\r\n" + kMail);
  EXPECT_THAT(heard, AllOf(HasSubstr("\r\n452 4.5.3"), HasSubstr("\r\n250 2.0.0"),
                           HasSubstr("\r\n421 4.7.0"), EndsWith("(closed)")));
  EXPECT_LT(heard.find("\r\n250 2.0.0"), heard.find("\r\n421 4.7.0"));
  EXPECT_EQ(limited("recipients_per_session"), 2U);
  EXPECT_EQ(house->tickets().size(), 1U);
}

TEST_F(SessionLimits, OneErrorTooManyEndsItAndIsCounted) {
  config.smtp.limits.errors = 2;
  open();
  EXPECT_THAT(hear("203.0.113.9", "EHLO c\r\nWHAT\r\nQUIT\r\n"), Not(HasSubstr("421 ")));
  EXPECT_EQ(limited("errors"), 0U);
  EXPECT_THAT(hear("203.0.113.9", "EHLO c\r\nWHAT\r\nWHAT\r\nNOOP\r\n"),
              AllOf(HasSubstr("\r\n421 4.7.0"), EndsWith("(closed)"), Not(HasSubstr("250 2.0.0"))));
  EXPECT_EQ(limited("errors"), 1U);
}

TEST_F(SessionLimits, RecipientsOverTheNumberForOneMailAreCounted) {
  config.smtp.max_recipients = 1;
  open();
  EXPECT_THAT(hear("203.0.113.9", "EHLO c\r\n" + kEnvelope + "RCPT TO:<sales@help.example>\r\n" +
                                      "RCPT TO:<sales@help.example>\r\nQUIT\r\n"),
              HasSubstr("\r\n452 4.5.3"));
  EXPECT_EQ(limited("max_recipients"), 2U);
}

TEST_F(SessionLimits, SilenceIsCountedByTheTimeOutThatItMet) {
  open();
  const auto idle = begin({.opening = "EHLO c\r\n", .every = 1h, .times = 1});
  const auto within_data = begin(
      {.opening = "EHLO c\r\n" + kEnvelope + "DATA\r\nSubject: x\r\n", .every = 1h, .times = 1});
  world.run_for(3min - 10s);
  EXPECT_EQ(sessions(), 2);
  world.run_for(20s);
  EXPECT_EQ(sessions(), 1);
  EXPECT_EQ(limited("data_timeout"), 1U);
  EXPECT_EQ(limited("idle_timeout"), 0U);
  world.run_for(2min);
  EXPECT_EQ(sessions(), 0);
  EXPECT_EQ(limited("idle_timeout"), 1U);
}

// --- who does not read --------------------------------------------------------------------------

// More answers than fit on the way to a client that reads none of them.
std::string many_questions() {
  std::string words = "EHLO c\r\n";
  while (words.size() < 64 * 1024) words += "EHLO c\r\n";
  return words;
}

TEST_F(SessionLimits, WhoReadsNoAnswersIsEndedAfterTheIdleTimeout) {
  config.smtp.idle_timeout = 2min;
  open();
  // Reading begins only behind the last piece.
  const auto heard = begin({.opening = many_questions(), .every = 1h, .times = 1});
  EXPECT_EQ(sessions(), 1);
  world.run_for(2min - 10s);
  EXPECT_EQ(sessions(), 1);
  world.run_for(20s);
  EXPECT_EQ(sessions(), 0);
  EXPECT_EQ(limited("idle_timeout"), 1U);
}

// Takes in so little at a time that each answer by itself comes out within its time.
io::Task<void> sip(simulation::World& world, std::string words, base::Duration every) {
  const io::Address door = House::address();
  auto connector = world.network().connector("203.0.113.9");
  auto stream = co_await connector->connect(world.executor(), door, 30s);
  if (!stream) co_return;
  auto said = co_await (*stream)->write(words, 30s);
  const auto timer = world.timers().make(world.executor());
  std::vector<char> buffer(64);
  while (said) {
    co_await timer->wait(every);
    auto got = co_await (*stream)->read(buffer, 1s);
    if (!got) co_return;
  }
}

TEST_F(SessionLimits, WhoSipsAnswersIsEndedAfterTheIdleTimeoutToo) {
  config.smtp.idle_timeout = 2min;
  open();
  io::spawn(world.executor(), sip(world, many_questions(), 50s), "a client");
  world.run_for(1min);
  EXPECT_EQ(sessions(), 1);
  world.run_for(2min);
  EXPECT_EQ(sessions(), 0);
  EXPECT_EQ(limited("idle_timeout"), 1U);
}

// --- who is turned away -------------------------------------------------------------------------

TEST_F(SessionLimits, OfAFloodAHundredAtATimeAreToldWhyAndTheRestIsClosedAtOnce) {
  config.smtp.max_sessions = 1;
  open();
  const auto first = occupy("203.0.113.9", 1h);
  std::vector<std::shared_ptr<std::string>> flood;
  for (int n = 0; n < 110; ++n) {
    flood.push_back(std::make_shared<std::string>());
    io::spawn(world.executor(), talk({.from = "198.51.100.9"}, flood.back()), "one of many");
  }
  world.run_for(5s);
  int told = 0;
  for (const auto& heard : flood) told += heard->starts_with("421 4.3.2") ? 1 : 0;
  EXPECT_EQ(told, 100);
  EXPECT_EQ(house->metrics.counter("beredd_smtp_hung_up_total", "").value(), 10U);
  EXPECT_EQ(limited("max_sessions"), 110U);
  EXPECT_THAT(*begin({.from = "198.51.100.9"}), StartsWith("421 4.3.2")) << "there is room again";
}

TEST_F(SessionLimits, WhoIsTurnedAwayAndTalksOnIsGoneAfterTwoSeconds) {
  config.smtp.max_sessions = 1;
  open();
  const auto first = occupy("203.0.113.9", 1h);
  const auto second =
      begin({.from = "198.51.100.9", .opening = "EHLO", .piece = "x", .every = 300ms, .times = 99});
  world.run_for(3s);
  EXPECT_EQ(world.network().connections(House::address()), 1U);
}

TEST_F(SessionLimits, WhenTheReserveIsFullTooThatIsCounted) {
  config.smtp.trusted = {"203.0.113.0/24"};
  config.smtp.max_sessions = 1;
  config.smtp.limits.reserved_sessions = 1;
  open();
  const auto stranger = occupy("198.51.100.9", 1h);
  const auto own = occupy("203.0.113.9", 1h);
  EXPECT_THAT(*begin({.from = "203.0.113.10"}), StartsWith("421 4.3.2"));
  EXPECT_EQ(limited("reserved_sessions"), 1U);
  EXPECT_EQ(limited("max_sessions"), 0U);
}

// --- behind a load balancer ---------------------------------------------------------------------

TEST_F(SessionLimits, BehindAProxyTheAnnouncedClientIsAdmittedAndNotTheBalancer) {
  config.smtp.proxy_protocol_from = {kBalancer};
  config.smtp.limits.sessions_per_network = 1;
  open();
  const auto announce = [&](const std::string& client) {
    return begin({.from = kBalancer, .opening = "PROXY TCP4 " + client + " 192.0.2.1 4000 25\r\n"});
  };
  EXPECT_THAT(*announce("203.0.113.1"), StartsWith("220 "));
  EXPECT_THAT(*announce("192.0.2.77"), StartsWith("220 ")) << "another network, one balancer";
  EXPECT_THAT(*announce("203.0.113.2"), StartsWith("421 4.7.0")) << "the network of the first";
  EXPECT_THAT(*begin({.from = "203.0.113.3"}), StartsWith("421 4.7.0")) << "that comes by itself";
  EXPECT_EQ(limited("sessions_per_network"), 2U);
  EXPECT_EQ(sessions(), 2);
}

TEST_F(SessionLimits, AProxyHeaderThatDripsIsClosedAfterTenSeconds) {
  config.smtp.proxy_protocol_from = {kBalancer};
  open();
  const auto heard =
      begin({.from = kBalancer, .opening = "PROXY TCP4 ", .piece = "2", .every = 3s, .times = 60});
  world.run_for(8s);
  EXPECT_EQ(sessions(), 1);
  world.run_for(2s);
  EXPECT_EQ(sessions(), 0);
  world.run_for(2min);
  EXPECT_EQ(*heard, "(closed)") << "without a word";
}

}  // namespace
}  // namespace beredd::scenario
