// The front door on simulated time: patience, places, endings, and what a full disk does to a
// transaction.

#include "customer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::scenario {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

config::Config front_door_config() {
  config::Config config = outage_config();
  config.smtp.max_sessions = 2;
  config.desks.insert(
      config.desks.begin(),
      {"billing", {"billing@help.example"}, "Billing <billing@help.example>", "helpdesk"});
  return config;
}

class FrontDoor : public testing::Test {
 protected:
  ~FrontDoor() override { primary.leave(); }  // before its world ends

  // Says `words`, then listens until the connection ends or `patience` is over.
  io::Task<std::string> converse(std::string words, base::Duration patience) {
    const io::Address door = House::address();
    auto stream = co_await connector->connect(world.executor(), door, 30s);
    if (!stream) co_return "no connection";
    auto said = co_await (*stream)->write(words, 30s);
    if (!said) co_return "not heard";
    std::string heard;
    std::vector<char> buffer(4096);
    for (;;) {
      auto got = co_await (*stream)->read(buffer, patience);
      if (!got)
        co_return heard + (got.error().code == base::Code::closed ? "(closed)" : "(silence)");
      heard.append(buffer.data(), *got);
    }
  }
  io::Task<void> sit_there() {
    std::string words = "EHLO patient\r\n";
    co_await converse(std::move(words), 4min);
  }
  io::Task<void> stay_idle(std::shared_ptr<std::string> heard) {
    std::string words = "EHLO idle\r\n";
    *heard = co_await converse(std::move(words), 20min);
  }
  std::string hear(const std::string& words, base::Duration patience = 20min) {
    return world.run(converse(words, patience), 2h).value_or("nothing");
  }

  Folder folder;
  SimulatedPrimary primary;
  simulation::World world{23};
  House house{world, folder, front_door_config(), primary};
  std::unique_ptr<io::Connector> connector = world.network().connector("203.0.113.9");
};

TEST_F(FrontDoor, ASilentClientIsToldGoodbyeAfterFiveMinutes) {
  const auto began = world.clock().now();
  EXPECT_THAT(hear("EHLO slow\r\n"), HasSubstr("\r\n421 4.4.2"));
  const auto waited = world.clock().now() - began;
  EXPECT_GE(waited, 5min);
  EXPECT_LE(waited, 5min + 5s);
}

TEST_F(FrontDoor, AClientThatStopsInTheMiddleOfItsDataGetsThreeMinutes) {
  const auto began = world.clock().now();
  const std::string heard = hear(
      "EHLO slow\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@help.example>\r\nDATA\r\nSubject: "
      "half");
  EXPECT_THAT(heard, HasSubstr("421 4.4.2"));
  EXPECT_THAT(heard, testing::EndsWith("(closed)"));
  const auto waited = world.clock().now() - began;
  EXPECT_GE(waited, 3min);
  EXPECT_LE(waited, 3min + 5s);
  EXPECT_TRUE(house.tickets().empty());
}

TEST_F(FrontDoor, TheThirdOfTwoPlacesIsAnswered421) {
  for (int n = 0; n < 2; ++n) {
    io::spawn(world.executor(), sit_there(), "a patient client");
  }
  world.run_for(1s);
  EXPECT_THAT(hear("EHLO late\r\n", 1min), StartsWith("421 4.3.2"));
  world.run_for(10min);
  EXPECT_THAT(hear("QUIT\r\n", 1min), StartsWith("220 ")) << "places become free again";
}

TEST_F(FrontDoor, AMailToTwoDesksIsOneMessageInEach) {
  const std::string heard = hear(
      "EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@help.example>\r\nRCPT "
      "TO:<billing@help.example>\r\n"
      "DATA\r\nSubject: both\r\n\r\nx\r\n.\r\nQUIT\r\n");
  EXPECT_THAT(heard, HasSubstr("\r\n250 2.0.0"));
  world.run_for(5s);
  ASSERT_EQ(house.tickets().size(), 2U);
  EXPECT_NE(house.tickets()[0].desk, house.tickets()[1].desk);
  ASSERT_EQ(primary.kept.size(), 2U);
  EXPECT_EQ(primary.kept[0].envelope.forward_paths.size(), 1U);
}

TEST_F(FrontDoor, AMailOfManyChunksArrivesWhole) {
  std::string body;
  for (int n = 0; n < 40'000; ++n) body += fmt::format("line {}\r\n", n);
  const std::string text = mail_text("large") + body;
  ASSERT_GT(text.size(), 4 * store::kChunkSize);
  EXPECT_THAT(send(house, text), StartsWith("250 "));
  world.run_for(10s);
  ASSERT_EQ(primary.kept.size(), 1U);
  EXPECT_EQ(below_trace(primary.kept[0].bytes), text);
}

TEST_F(FrontDoor, ADiskThatFillsInTheMiddleOfALargeMailIsA452AndLeavesNothing) {
  std::string text = mail_text("large");
  while (text.size() < 4 * store::kChunkSize) text += "more and more and more\r\n";
  house.store->full = true;
  EXPECT_THAT(send(house, text), StartsWith("452 4.3.1"));
  house.store->full = false;
  world.run_for(1min);
  EXPECT_TRUE(primary.kept.empty());
  EXPECT_TRUE(house.tickets().empty());
  EXPECT_THAT(send(house, text), StartsWith("250 "));
}

TEST_F(FrontDoor, ClosingTimeLetsATransactionFinishAndTakesNoOther) {
  auto drained = std::make_shared<std::optional<bool>>();
  auto close = [](House* its_house, std::shared_ptr<std::optional<bool>> into) -> io::Task<void> {
    *into = co_await its_house->intake->drain(30s);
  };
  io::spawn(world.executor(), close(&house, drained), "closing time");
  world.run_for(1s);
  EXPECT_EQ(*drained, true) << "nobody was there";
  EXPECT_EQ(hear("EHLO late\r\n", 1min), "no connection");
}

TEST_F(FrontDoor, AtClosingTimeAnIdleClientIsTold) {
  auto close = [](House* its_house) -> io::Task<void> {
    const bool finished = co_await its_house->intake->drain(30s);
    EXPECT_TRUE(finished);
  };
  auto heard = std::make_shared<std::string>();
  io::spawn(world.executor(), stay_idle(heard), "an idle client");
  world.run_for(1s);
  io::spawn(world.executor(), close(&house), "closing time");
  world.run_for(5s);
  EXPECT_THAT(*heard, HasSubstr("\r\n421 4.3.2"));
  EXPECT_THAT(*heard, testing::EndsWith("(closed)"));
}

}  // namespace
}  // namespace beredd::scenario
