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

// A primary that pointed back at beredd: one mail became 210 in six seconds, and status said "is
// up".
TEST_F(Regression, AMailThatGoesInACircleIsRefused) {
  std::string hops;
  for (int n = 0; n < 100; ++n)
    hops += fmt::format("Received: from a by b with SMTP id {}; now\r\n", n);
  EXPECT_TRUE(send(house, hops + mail_text("round and round")).starts_with("554 5.4.6"));
  EXPECT_TRUE(house.tickets().empty());
}

// A primary with green checks that said 554 to every mail: all of it went to the quarantine without
// a line in the log, status said "is up", and staff who looked for custody fallback saw none of it.
TEST_F(Regression, APrimaryThatRefusesEverythingIsNotUp) {
  primary.set(Fail::reject);
  for (int n = 0; n < 13; ++n) {
    ASSERT_TRUE(send(house, mail_text(fmt::format("m{}", n))).starts_with("250 "));
    world.run_for(2s);
  }
  EXPECT_EQ(house.mode(), Mode::fallback);
  for (const auto& ticket : house.tickets()) EXPECT_EQ(ticket.custody, ticket::Custody::fallback);
}

}  // namespace
}  // namespace beredd::scenario
