// DNS block lists at the front door, on simulated time, with a scripted domain name system.

#include "customer.h"
#include "scripted_resolver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::scenario {
namespace {

using io::RecordType;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

const std::string kMail =
    "MAIL FROM:<a@b.example>\r\nRCPT TO:<support@help.example>\r\nDATA\r\nSubject: "
    "x\r\n\r\nx\r\n.\r\nQUIT\r\n";

class BlockList : public testing::Test {
 protected:
  BlockList() { config.smtp.limits.dnsbl = {"zen.example"}; }
  ~BlockList() override { primary.leave(); }  // before its world ends

  void open() {
    house = std::make_unique<House>(world, folder, config, primary);
    house->look_up_by(resolver);
  }
  void list(const std::string& name, std::string record, base::Duration delay = 100ms) {
    resolver.say(name, RecordType::a, {.records = {std::move(record)}, .delay = delay});
  }
  io::Task<void> talk(std::string from, io::Address door, std::string words,
                      std::shared_ptr<std::string> heard) {
    auto connector = world.network().connector(from);
    auto stream = co_await connector->connect(world.executor(), door, 30s);
    if (!stream) co_return;
    auto said = co_await (*stream)->write(words, 30s);
    std::vector<char> buffer(4096);
    while (said) {
      auto got = co_await (*stream)->read(buffer, 1min);
      if (!got) co_return;
      heard->append(buffer.data(), *got);
    }
  }
  std::string hear(const std::string& from, const std::string& words,
                   base::Duration for_how_long = 2min, io::Address door = House::address()) {
    auto heard = std::make_shared<std::string>();
    io::spawn(world.executor(), talk(from, std::move(door), words, heard), "a client");
    world.run_for(for_how_long);
    return *heard;
  }
  std::uint64_t limited() {
    return house->metrics.counter("beredd_smtp_limited_total", "", base::label("limit", "dnsbl"))
        .value();
  }

  Folder folder;
  SimulatedPrimary primary;
  simulation::World world{31};
  simulation::ScriptedResolver resolver{world.timers(), world.executor()};
  config::Config config = outage_config();
  std::unique_ptr<House> house;
};

TEST_F(BlockList, TurnsAwayTheMailOfAListedClientAndNamesTheList) {
  list("9.113.0.203.zen.example", "127.0.0.2");
  open();
  const std::string heard = hear("203.0.113.9", "EHLO c\r\n" + kMail);
  EXPECT_THAT(heard, AllOf(StartsWith("220 "), HasSubstr("\r\n554 5.7.1"), HasSubstr("zen.example"),
                           Not(HasSubstr("250 2.0.0"))));
  EXPECT_EQ(limited(), 1U);
  EXPECT_TRUE(house->tickets().empty());
}

TEST_F(BlockList, LetsTheMailOfOthersIn) {
  list("9.113.0.203.zen.example", "127.0.0.2");
  open();
  EXPECT_THAT(hear("203.0.113.10", "EHLO c\r\n" + kMail), HasSubstr("\r\n250 2.0.0"));
  EXPECT_EQ(house->tickets().size(), 1U);
}

TEST_F(BlockList, NeverKeepsMailFromPostmaster) {
  list("9.113.0.203.zen.example", "127.0.0.2");
  open();
  EXPECT_THAT(
      hear("203.0.113.9",
           "EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<Postmaster@help.example>\r\nRCPT "
           "TO:<support@help.example>\r\nDATA\r\nSubject: let me in\r\n\r\nx\r\n.\r\n"),
      AllOf(HasSubstr("\r\n250 2.1.5"), HasSubstr("\r\n554 5.7.1"), HasSubstr("\r\n250 2.0.0")));
}

TEST_F(BlockList, HoldsUpNeitherTheGreetingNorMail) {
  list("9.113.0.203.zen.example", "127.0.0.2", 3s);
  open();
  const std::string heard = hear("203.0.113.9", "EHLO c\r\n" + kMail, 1s);
  EXPECT_THAT(heard, AllOf(StartsWith("220 "), HasSubstr("\r\n250 2.1.0"), Not(HasSubstr("554 "))));
}

TEST_F(BlockList, ThatIsSilentIsNotWaitedForLongerThanFiveSeconds) {
  list("9.113.0.203.zen.example", "127.0.0.2", 10min);
  open();
  EXPECT_THAT(hear("203.0.113.9", "EHLO c\r\n" + kMail, 7s), HasSubstr("\r\n250 2.0.0"));
}

TEST_F(BlockList, IsNotAskedAboutTheTrusted) {
  config.smtp.trusted = {"203.0.113.0/24"};
  list("9.113.0.203.zen.example", "127.0.0.2");
  open();
  EXPECT_THAT(hear("203.0.113.9", "EHLO c\r\n" + kMail), HasSubstr("\r\n250 2.0.0"));
  EXPECT_THAT(resolver.asked, IsEmpty());
}

TEST_F(BlockList, IsNotAskedAboutOnesOwnMailServerThatSpeaksLmtp) {
  list("9.113.0.203.zen.example", "127.0.0.2");
  open();
  EXPECT_THAT(hear("203.0.113.9", "LHLO c\r\n" + kMail, 2min, House::lmtp_address()),
              HasSubstr("\r\n250 2.0.0"));
  EXPECT_THAT(resolver.asked, IsEmpty());
}

TEST_F(BlockList, JudgesTheClientThatAFrontSpeaksFor) {
  config.smtp.xclient_from = {"203.0.113.9"};
  list("1.100.51.198.zen.example", "127.0.0.2");
  open();
  EXPECT_THAT(hear("203.0.113.9", "EHLO front\r\nXCLIENT ADDR=198.51.100.1\r\nEHLO c\r\n" + kMail),
              AllOf(HasSubstr("\r\n554 5.7.1"), HasSubstr("198.51.100.1")));
  EXPECT_THAT(resolver.asked, testing::ElementsAre("1.100.51.198.zen.example"));
}

}  // namespace
}  // namespace beredd::scenario
