// The disk fills at each of the writes that take a mail from the door to the primary. It is there
// once in the end, or it was refused.

#include "customer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::scenario {
namespace {

using failover::Mode;
using testing::StartsWith;

class FullDisk : public testing::TestWithParam<int> {
 protected:
  ~FullDisk() override { primary.leave(); }  // before its world ends

  void relieve() {
    house.store->full = false;
    house.store->writes_left.reset();
  }

  Folder folder;
  SimulatedPrimary primary;
  simulation::World world{41};
  House house{world, folder, outage_config(), primary};
};

TEST_P(FullDisk, AtWhicheverWriteItFillsAMailComesOnceOrWasRefused) {
  house.store->writes_left = GetParam();
  const std::string answer = send(house, mail_text("one"));
  world.run_for(10min);
  EXPECT_LE(primary.kept.size(), 1U) << "not again and again, because it could not be written down";
  relieve();
  world.run_for(10min);
  const bool taken = answer.starts_with("250 ");
  EXPECT_TRUE(taken || answer.starts_with("452 4.3.1")) << answer;
  EXPECT_EQ(primary.kept.size(), taken ? 1U : 0U);
  EXPECT_EQ(house.counts().waiting(), 0U);
}

TEST_P(FullDisk, AtWhicheverWriteOfAHandBackItFillsEveryMailComesOnce) {
  primary.set(Fail::refuse);
  ASSERT_TRUE(world.run_until([&] { return house.mode() == Mode::fallback; }, 30min));
  for (int n = 0; n < 4; ++n) {
    EXPECT_THAT(send(house, mail_text(fmt::format("mail {}", n))), StartsWith("250 "));
  }
  world.run_for(1min);
  primary.set(Fail::none);
  house.store->writes_left = GetParam();
  world.run_for(20min);
  const std::size_t before = primary.kept.size();
  world.run_for(20min);
  EXPECT_EQ(primary.kept.size(), before) << "what cannot be written down is not offered";
  relieve();
  ASSERT_TRUE(world.run_until([&] { return house.mode() == Mode::normal; }, 2h));
  world.run_for(10min);
  EXPECT_EQ(primary.kept.size(), 4U);
  EXPECT_EQ(house.counts().waiting(), 0U);
}

// A commit can be on disk though writing its last page was said to have failed.
TEST_P(FullDisk, AtWhicheverWriteTheDiskLiesTheMailComesOnceAndTheRelayGoesOn) {
  house.store->lies_in = GetParam();
  const std::string first = send(house, mail_text("one"));
  EXPECT_TRUE(first.starts_with("250 ") || first.starts_with("451 ")) << first;
  world.run_for(10s);
  EXPECT_THAT(send(house, mail_text("two")),
              testing::AnyOf(StartsWith("250 "), StartsWith("451 ")));
  world.run_for(10min);
  EXPECT_EQ(primary.kept.size(), 2U);
  EXPECT_EQ(house.counts().waiting(), 0U);
  EXPECT_EQ(house.counts().quarantined, 0U);
}

INSTANTIATE_TEST_SUITE_P(Writes, FullDisk, testing::Range(0, 12));

}  // namespace
}  // namespace beredd::scenario
