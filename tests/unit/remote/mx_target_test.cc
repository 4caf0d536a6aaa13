#include "beredd/remote/mx_target.h"

#include "scripted_resolver.h"
#include "target_fixture.h"

#include <gmock/gmock.h>

namespace beredd::remote {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Type = io::RecordType;

struct MxTarget : TargetTest {
  void SetUp() override {
    MxTargetOptions options;
    options.helo = "mx2.help.example";
    options.resolver = [this]() -> base::Result<io::Resolver*> {
      ++resolvers;
      return &dns;
    };
    target = mx_target(std::move(options), *connector, tls, random);
    auto opened = *world.run(target->open(world.executor()));
    ASSERT_TRUE(opened.ok());
    session = std::move(*opened);
  }
  io::Parcel mail_to(std::vector<std::pair<std::string, std::string>> recipients, int number = 1) {
    io::Parcel made = parcel(number);
    made.envelope.forward_paths.clear();
    for (auto& [local, domain] : recipients) made.envelope.forward_paths.push_back({local, domain});
    return made;
  }
  void domain(const std::string& name, std::vector<std::string> records) {
    dns.say(name, Type::mx, {.records = std::move(records)});
  }

  base::SeededRandom random{5};
  simulation::ScriptedResolver dns{world.timers(), world.executor()};
  Primary one{world, {"in.one.example", 25}}, two{world, {"in.two.example", 25}};
  int resolvers = 0;
};

TEST_F(MxTarget, GoesToTheBestHostThatAnswers) {
  two.start();
  domain("one.example", {"10 in.one.example", "20 in.two.example"});
  const auto fate = hand_over_one(mail_to({{"anna", "one.example"}}));
  EXPECT_EQ(fate.kind, Kind::acknowledged) << fate.words;
  ASSERT_EQ(two.kept.size(), 1u);
  EXPECT_THAT(two.kept[0].to, ElementsAre("anna@one.example"));
}

TEST_F(MxTarget, UsesAConnectionAgain) {
  one.start();
  domain("one.example", {"10 in.one.example"});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(hand_over_one(mail_to({{"anna", "one.example"}}, i)).kind, Kind::acknowledged);
  }
  EXPECT_EQ(one.connections, 1);
  EXPECT_EQ(one.kept.size(), 3u);
}

TEST_F(MxTarget, UsesTlsWhereItIsOffered) {
  one.options.offer_starttls = true;
  one.start();
  domain("one.example", {"10 in.one.example"});
  EXPECT_EQ(hand_over_one(mail_to({{"anna", "one.example"}})).kind, Kind::acknowledged);
  EXPECT_EQ(one.secured, 1);
}

TEST_F(MxTarget, ADomainThatTakesNoMailRefusesIt) {
  domain("one.example", {"0 ."});
  const auto fate = hand_over_one(mail_to({{"anna", "one.example"}}));
  EXPECT_EQ(fate.kind, Kind::refused);
  EXPECT_EQ(fate.words, "5.1.10 one.example takes no mail");
}

TEST_F(MxTarget, HostsThatAreAllAwayAreALaterMatterAndTriedOnce) {
  domain("one.example", {"10 in.one.example"});
  std::vector<io::Parcel> three;
  for (int i = 1; i < 4; ++i) three.push_back(mail_to({{"anna", "one.example"}}, i));
  for (const auto& fate : hand_over(std::move(three))) {
    EXPECT_EQ(fate.kind, Kind::deferred);
    EXPECT_THAT(fate.words, HasSubstr("in.one.example:25: connection refused"));
  }
  EXPECT_EQ(dns.asked.size(), 1u);
}

TEST_F(MxTarget, SessionsOfTwoDomainsGoBesideEachOther) {
  one.start();
  two.start();
  domain("one.example", {"10 in.one.example"});
  domain("two.example", {"10 in.two.example"});
  EXPECT_TRUE(target->by_domain());
  EXPECT_EQ(hand_over_one(mail_to({{"anna", "one.example"}})).kind, Kind::acknowledged);
  const auto first = std::move(session);
  session = std::move(**world.run(target->open(world.executor())));
  EXPECT_EQ(hand_over_one(mail_to({{"bo", "two.example"}})).kind, Kind::acknowledged);
  EXPECT_TRUE(first->alive());
  EXPECT_EQ(one.kept.size(), 1u);
  EXPECT_EQ(two.kept.size(), 1u);
}

TEST_F(MxTarget, WithoutAResolverMailWaits) {
  MxTargetOptions options;
  options.resolver = []() -> base::Result<io::Resolver*> {
    return base::permanent(base::Code::invalid, "no servers");
  };
  target = mx_target(std::move(options), *connector, tls, random);
  session = std::move(**world.run(target->open(world.executor())));
  EXPECT_EQ(hand_over_one(mail_to({{"anna", "one.example"}})).kind, Kind::deferred);
}

}  // namespace
}  // namespace beredd::remote
