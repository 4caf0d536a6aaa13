// Bugs that were seen in a running outage, each with what it looked like from outside.

#include "scenario/customer.h"

#include <gtest/gtest.h>

namespace beredd::scenario {
namespace {

using failover::Mode;

class Regression : public testing::Test {
 protected:
  ~Regression() override { primary.leave(); }  // before its world ends

  bool wait_for(Mode mode, base::Duration limit) {
    return world.run_until([&] { return house.mode() == mode; }, limit);
  }

  Folder folder;
  SimulatedPrimary primary;
  simulation::World world{11};
  House house{world, folder, outage_config(), primary};
};

// The first demo ever run: mail had just been relayed, the primary was restarted within seconds,
// and the canary went into the old connection: "probation -> fallback: the connection was lost".
TEST_F(Regression, AConnectionFromBeforeAnOutageIsNotUsedAfterIt) {
  ASSERT_TRUE(send(house, mail_text("before")).starts_with("250 "));
  world.run_for(1s);
  ASSERT_EQ(primary.kept.size(), 1U);
  auto forced = world.run(house.modes->force("helpdesk", Mode::fallback, "the test"));
  ASSERT_TRUE(forced && forced->ok());
  ASSERT_TRUE(send(house, mail_text("during")).starts_with("250 "));
  world.run_for(500ms);  // well within the time for which an idle connection is kept
  EXPECT_EQ(world.network().connections(SimulatedPrimary::address()), 0U);
}

// The same demo: one refused connection, and 20 ms later the primary was declared dead, because the
// suspicion was looked into at once instead of in its own time.
TEST_F(Regression, ASuspicionIsNotConfirmedWithinTheSameInstant) {
  world.run_for(1s);
  primary.set(Fail::refuse);
  ASSERT_TRUE(wait_for(Mode::suspect, 1min));
  const auto suspected = world.clock().now();
  ASSERT_TRUE(wait_for(Mode::fallback, 1min));
  EXPECT_GE(world.clock().now() - suspected, 2 * 10s / 4)
      << "two more looks, a quarter of 10 s apart";
}

}  // namespace
}  // namespace beredd::scenario
