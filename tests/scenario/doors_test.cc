// The doors besides plain SMTP from a customer: LMTP, BDAT, XCLIENT, the PROXY protocol, ETRN, and
// what the front door offers because the primary does.

#include "packets.h"

#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::scenario {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kGateway = "198.51.100.1";   // may XCLIENT
constexpr const char* kBalancer = "198.51.100.2";  // begins with a PROXY header
constexpr const char* kAsker = "198.51.100.3";     // may ETRN
constexpr const char* kStranger = "203.0.113.9";   // may nothing

constexpr std::string_view kMail =
    "MAIL FROM:<anna@customer.example>\r\nRCPT TO:<support@help.example>\r\n"
    "DATA\r\nSubject: hej\r\n\r\nx\r\n.\r\n";

config::Config doors_config() {
  config::Config config = outage_config();
  config.smtp.xclient_from = {"198.51.100.1/32"};
  config.smtp.proxy_protocol_from = {"198.51.100.2/32"};
  config.smtp.etrn_from = {"198.51.100.3/32"};
  config.desks.insert(
      config.desks.begin(),
      {"billing", {"billing@help.example"}, "Billing <billing@help.example>", "helpdesk"});
  config.primaries.front().start = config::HandbackStart::manual;
  return config;
}

std::size_t times(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++count;
  return count;
}

std::string octets(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

class Doors : public testing::Test {
 protected:
  ~Doors() override { primary.leave(); }  // before its world ends

  std::string hear(const char* from, std::vector<std::string> words,
                   const io::Address& door = House::address()) {
    return hear_in_packets(world, from, std::move(words), door);
  }
  std::string lmtp(std::string words) {
    return hear(kStranger, {std::move(words)}, House::lmtp_address());
  }
  // The trace header of the only mail that the primary has.
  std::string trace() {
    world.run_for(10s);
    if (primary.kept.size() != 1) return fmt::format("{} mails", primary.kept.size());
    const std::string& bytes = primary.kept.front().bytes;
    return bytes.substr(0, bytes.size() - below_trace(bytes).size());
  }

  Folder folder;
  SimulatedPrimary primary;
  simulation::World world{29};
  House house{world, folder, doors_config(), primary};
};

// --- LMTP (RFC 2033) ----------------------------------------------------------------------------

constexpr std::string_view kTwoDesks =
    "LHLO mta\r\nMAIL FROM:<anna@customer.example>\r\nRCPT TO:<support@help.example>\r\n"
    "RCPT TO:<billing@help.example>\r\nDATA\r\nSubject: both\r\n\r\nx\r\n.\r\nQUIT\r\n";

TEST_F(Doors, LmtpAnswersOnceForEachRecipientAndEachDeskGetsTheMail) {
  EXPECT_EQ(times(lmtp(std::string(kTwoDesks)), "\r\n250 2.0.0 taken as"), 2U);
  world.run_for(10s);
  ASSERT_EQ(house.tickets().size(), 2U);
  EXPECT_NE(house.tickets()[0].desk, house.tickets()[1].desk);
  ASSERT_EQ(primary.kept.size(), 2U);
  EXPECT_THAT(primary.kept[0].bytes, HasSubstr("with LMTP"));
}

TEST_F(Doors, LmtpAnswersNoneForTheRecipientThatWasRefused) {
  const std::string heard = lmtp(
      "LHLO mta\r\nMAIL FROM:<anna@customer.example>\r\nRCPT TO:<support@help.example>\r\n"
      "RCPT TO:<nobody@elsewhere.example>\r\nDATA\r\nSubject: one\r\n\r\nx\r\n.\r\nQUIT\r\n");
  EXPECT_THAT(heard, HasSubstr("\r\n550 5.7.1"));
  EXPECT_EQ(times(heard, "\r\n250 2.0.0 taken as"), 1U);
}

TEST_F(Doors, LmtpOnAFullDiskIsA452ForEachRecipientAndLeavesNothing) {
  house.store->full = true;
  const std::string heard = lmtp(std::string(kTwoDesks));
  EXPECT_EQ(times(heard, "\r\n452 4.3.1"), 2U) << heard;
  EXPECT_THAT(heard, Not(HasSubstr("taken as")));
  house.store->full = false;
  world.run_for(1min);
  EXPECT_TRUE(house.tickets().empty());
  EXPECT_TRUE(primary.kept.empty());
}

TEST_F(Doors, EachProtocolHasItsOwnHello) {
  EXPECT_THAT(lmtp("EHLO mta\r\nQUIT\r\n"), HasSubstr("\r\n50"));
  EXPECT_THAT(hear(kStranger, {"LHLO mta\r\nQUIT\r\n"}), HasSubstr("\r\n50"));
}

// --- BDAT (RFC 3030) ----------------------------------------------------------------------------

TEST_F(Doors, ChunksThatSplitALineAndAPacketMakeOneMail) {
  const std::string heard =
      hear(kStranger, {"EHLO c\r\nMAIL FROM:<anna@customer.example>\r\n"
                       "RCPT TO:<support@help.example>\r\nBDAT 13\r\nSubject: ",
                       "hej\r", "BDAT 6\r\n\n\r\n.\r\n", "BDAT 3 LAST\r\n", "y\r", "\nQUIT\r\n"});
  EXPECT_THAT(heard, HasSubstr("taken as"));
  world.run_for(10s);
  ASSERT_EQ(primary.kept.size(), 1U) << heard;
  EXPECT_EQ(below_trace(primary.kept[0].bytes), "Subject: hej\r\n\r\n.\r\ny\r\n")
      << "a dot alone is text in a chunk, and still is behind DATA";
}

constexpr const char* kNoLineEnd =
    "EHLO c\r\nMAIL FROM:<anna@customer.example>\r\nRCPT TO:<support@help.example>\r\n"
    "BDAT 17 LAST\r\nSubject: h\r\n\r\nyyyQUIT\r\n";

TEST_F(Doors, AMailWithoutAFinalLineEndGetsOneOnItsWayByData) {
  const std::string heard = hear(kStranger, {kNoLineEnd});
  EXPECT_THAT(heard, HasSubstr("taken as"));
  world.run_for(10s);
  ASSERT_EQ(primary.kept.size(), 1U) << heard;
  EXPECT_EQ(below_trace(primary.kept[0].bytes), "Subject: h\r\n\r\nyyy\r\n");
}

TEST_F(Doors, AMailWithoutAFinalLineEndStaysAsItIsOnItsWayByChunks) {
  primary.chunking = true;
  const std::string heard = hear(kStranger, {kNoLineEnd});
  EXPECT_THAT(heard, HasSubstr("taken as"));
  world.run_for(10s);
  ASSERT_EQ(primary.kept.size(), 1U) << heard;
  EXPECT_EQ(below_trace(primary.kept[0].bytes), "Subject: h\r\n\r\nyyy");
}

// --- XCLIENT ------------------------------------------------------------------------------------

TEST_F(Doors, WhomAGrantedGatewaySpeaksForIsInTheTrace) {
  const std::string heard =
      hear(kGateway, {"EHLO gateway\r\n", "XCLIENT NAME=mail.customer.example ADDR=192.0.2.77\r\n",
                      "EHLO mail\r\n" + std::string(kMail) + "QUIT\r\n"});
  EXPECT_THAT(heard, HasSubstr("XCLIENT NAME ADDR"));
  EXPECT_EQ(times(heard, "220 mx2.help.example"), 2U) << "it begins anew: " << heard;
  const std::string header = trace();
  EXPECT_THAT(header, HasSubstr("192.0.2.77"));
  EXPECT_THAT(header, HasSubstr("mail.customer.example"));
  EXPECT_THAT(header, Not(HasSubstr(kGateway)));
}

TEST_F(Doors, AStrangerSpeaksForNobody) {
  const std::string heard = hear(
      kStranger, {"EHLO gateway\r\nXCLIENT ADDR=192.0.2.77\r\n" + std::string(kMail) + "QUIT\r\n"});
  EXPECT_THAT(heard, Not(HasSubstr("XCLIENT NAME")));
  EXPECT_THAT(heard, HasSubstr("\r\n550 5.7.0"));
  const std::string header = trace();
  EXPECT_THAT(header, HasSubstr(kStranger));
  EXPECT_THAT(header, Not(HasSubstr("192.0.2.77")));
}

// --- the PROXY protocol -------------------------------------------------------------------------

TEST_F(Doors, ALineOfTheProxyProtocolNamesTheClient) {
  const std::string heard = hear(kBalancer, {"PROXY TCP4 192.0.2.77 198.51", ".100.2 40000 25\r\n",
                                             "EHLO c\r\n" + std::string(kMail) + "QUIT\r\n"});
  EXPECT_THAT(heard, StartsWith("220 "));
  EXPECT_THAT(trace(), HasSubstr("[192.0.2.77]"));
}

TEST_F(Doors, ABinaryHeaderOfTheProxyProtocolNamesTheClient) {
  const std::string header =
      std::string("\r\n\r\n", 4) + octets({0x00}) + "\r\nQUIT\n" +
      octets({0x21, 0x11, 0, 12, 192, 0, 2, 78, 198, 51, 100, 2, 0x9C, 0x40, 0, 25});
  EXPECT_THAT(hear(kBalancer, {header.substr(0, 5), header.substr(5),
                               "EHLO c\r\n" + std::string(kMail) + "QUIT\r\n"}),
              StartsWith("220 "));
  EXPECT_THAT(trace(), HasSubstr("[192.0.2.78]"));
}

TEST_F(Doors, WhatComesInOnePacketWithTheHeaderIsHeard) {
  EXPECT_THAT(hear(kBalancer, {"PROXY TCP4 192.0.2.77 198.51.100.2 40000 25\r\nEHLO c\r\n" +
                               std::string(kMail) + "QUIT\r\n"}),
              StartsWith("220 "));
  EXPECT_THAT(trace(), HasSubstr("[192.0.2.77]"));
}

TEST_F(Doors, ABalancerThatSaysNoHeaderIsClosedWithoutAGreeting) {
  EXPECT_EQ(hear(kBalancer, {"EHLO c\r\n"}), "(closed)");
}

TEST_F(Doors, ABalancerThatSaysNothingIsClosedAfterTenSeconds) {
  const auto began = world.clock().now();
  EXPECT_EQ(hear(kBalancer, {}), "(closed)");
  EXPECT_GE(world.clock().now() - began, 10s);
  EXPECT_LE(world.clock().now() - began, 11s);
}

TEST_F(Doors, AHeaderFromAStrangerIsNoCommand) {
  const std::string heard = hear(kStranger, {"PROXY TCP4 192.0.2.77 198.51.100.2 40000 25\r\n"
                                             "EHLO c\r\n" +
                                             std::string(kMail) + "QUIT\r\n"});
  EXPECT_THAT(heard, HasSubstr("\r\n500 "));
  EXPECT_THAT(trace(), HasSubstr(kStranger));
}

TEST_F(Doors, WhatABalancerIsGrantedGoesByTheClientItNames) {
  const std::string heard =
      hear(kBalancer, {"PROXY TCP4 198.51.100.3 198.51.100.2 40000 25\r\n", "EHLO c\r\nQUIT\r\n"});
  EXPECT_THAT(heard, HasSubstr("ETRN"));
  EXPECT_THAT(heard, Not(HasSubstr("XCLIENT")));
}

// --- ETRN (RFC 1985) ----------------------------------------------------------------------------

class Turn : public Doors {
 protected:
  // An outage that is over, with one mail that waits for `handback run`.
  void outage_behind() {
    primary.set(Fail::refuse);
    ASSERT_TRUE(world.run_until([&] { return house.mode() == failover::Mode::fallback; }, 10min));
    ASSERT_THAT(send(house, mail_text("waits")), StartsWith("250 "));
    primary.set(Fail::none);
    world.run_for(1h);
    ASSERT_TRUE(primary.kept.empty()) << "it waits for a person";
  }
  std::string etrn(const char* from, const std::string& node) {
    return hear(from, {"EHLO c\r\nETRN " + node + "\r\nQUIT\r\n"});
  }
};

TEST_F(Turn, AGrantedHostStartsTheHandBackThatWaits) {
  outage_behind();
  EXPECT_THAT(etrn(kAsker, "help.example"), HasSubstr("\r\n253 2.0.0 1 pending"));
  world.run_for(10min);
  EXPECT_EQ(primary.kept.size(), 1U);
  EXPECT_THAT(etrn(kAsker, "#helpdesk"), HasSubstr("\r\n251 2.0.0"));
}

TEST_F(Turn, AStrangerStartsNothing) {
  outage_behind();
  EXPECT_THAT(etrn(kStranger, "help.example"), HasSubstr("\r\n502 5.5.1"));
  world.run_for(1h);
  EXPECT_TRUE(primary.kept.empty());
}

TEST_F(Turn, WhatAnOperatorPausedStaysPaused) {
  outage_behind();
  auto paused = world.run(house.handback->pause("helpdesk"));
  ASSERT_TRUE(paused && paused->ok());
  EXPECT_THAT(etrn(kAsker, "help.example"), HasSubstr("\r\n458 4.3.0"));
  world.run_for(1h);
  EXPECT_TRUE(primary.kept.empty());
}

TEST_F(Turn, ANodeOfSomeoneElseIsNotOurs) {
  EXPECT_THAT(etrn(kAsker, "elsewhere.example"), HasSubstr("\r\n459 4.7.1"));
}

}  // namespace
}  // namespace beredd::scenario
