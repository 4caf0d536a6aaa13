// Crashes at random instants of an outage, from a printed seed: whatever was answered 250 arrives
// at the primary once, unchanged, and each ticket's messages arrive in order.

#include "customer.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::scenario {
namespace {

using failover::Mode;

class Crash : public testing::TestWithParam<int> {
 protected:
  void born() {
    world = std::make_unique<simulation::World>(dice.next(), at);
    house = std::make_unique<House>(*world, folder, outage_config(), primary);
  }
  void die() {
    primary.leave();
    house.reset();
    at = world->clock().now();
    world.reset();
  }

  // Some mail, some in a thread, some time, and now and then a crash in the middle of it.
  void step() {
    const auto number = sent.size();
    std::string parent = dice.below(3) == 0 && number > 0 ? fmt::format("m{}", number - 1) : "";
    const std::string name = fmt::format("m{}", number);
    const std::string text = mail_text(name, parent);
    if (send(*house, text).starts_with("250 ")) sent[name] = text;
    world->run_for(base::Duration(static_cast<std::int64_t>(dice.below(20'000'000))));
    if (dice.below(4) == 0) {
      die();
      born();
    }
  }

  base::Instant at{std::chrono::seconds(1'795'000'000)};
  base::SeededRandom dice{static_cast<std::uint64_t>(GetParam())};
  Folder folder;
  SimulatedPrimary primary;
  std::unique_ptr<simulation::World> world;
  std::unique_ptr<House> house;
  std::map<std::string, std::string> sent;
};

TEST_P(Crash, LosesNothingAndDoublesNothing) {
  SCOPED_TRACE(fmt::format("seed {}", GetParam()));
  born();
  const Fail tempers[] = {Fail::none,        Fail::refuse,   Fail::drop_kept,
                          Fail::drop_unkept, Fail::tempfail, Fail::hang};
  for (int round = 0; round < 12; ++round) {
    primary.set(tempers[dice.below(std::size(tempers))]);
    for (int n = 0; n < 3; ++n) step();
  }
  primary.set(Fail::none);
  auto released = world->run(house->modes->release("helpdesk", "the test"));
  ASSERT_TRUE(released && released->ok());
  ASSERT_TRUE(world->run_until(
      [&] { return house->mode() == Mode::normal && house->counts().waiting() == 0; }, 48h))
      << "stuck in " << failover::name(house->mode()) << " with " << house->counts().waiting()
      << " waiting";
  EXPECT_EQ(house->counts().quarantined, 0U);

  std::map<std::string, int> times;
  for (const auto& kept : primary.kept) {
    const std::string text = below_trace(kept.bytes);
    const auto start = text.find("Subject: ") + 9;
    const std::string name = text.substr(start, text.find("\r\n", start) - start);
    ++times[name];
    if (sent.contains(name)) {
      EXPECT_EQ(text, sent[name]);
    }
  }
  for (const auto& [name, text] : sent) EXPECT_EQ(times[name], 1) << name;
  die();
}

INSTANTIATE_TEST_SUITE_P(Seeds, Crash, testing::Range(1, 13));

}  // namespace
}  // namespace beredd::scenario
