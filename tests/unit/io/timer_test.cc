#include "beredd/io/timer.h"

#include "live.h"

#include <thread>

#include <gtest/gtest.h>

namespace beredd::io {
namespace {

using namespace std::chrono_literals;

struct SystemTimerTest : testing::Test {
  live::Loop loop;
  std::unique_ptr<Timer> timer = system_timers()->make(loop.executor());
};

TEST_F(SystemTimerTest, SaysThatTheTimePassedAndNotBefore) {
  const auto before = std::chrono::steady_clock::now();
  EXPECT_TRUE(loop.run(timer->wait(5ms)));
  EXPECT_GE(std::chrono::steady_clock::now() - before, 5ms);
}

TEST_F(SystemTimerTest, IsThereAtOnceForATimeThatIsNoTime) {
  EXPECT_TRUE(loop.run(timer->wait(0s)));
  EXPECT_TRUE(loop.run(timer->wait(-1s)));
}

TEST_F(SystemTimerTest, WokenBeforeTheWaitEndsTheNextWaitAndOnlyThat) {
  timer->wake();
  timer->wake();
  EXPECT_FALSE(loop.run(timer->wait(1h)));
  EXPECT_TRUE(loop.run(timer->wait(1ms)));
}

TEST_F(SystemTimerTest, WakesFromAnotherThreadAFarWait) {
  std::thread waker([this] { timer->wake(); });
  EXPECT_FALSE(loop.run(timer->wait(1h)));
  waker.join();
}

TEST_F(SystemTimerTest, OutlivedByItsWakes) {
  for (int i = 0; i < 100; ++i) timer->wake();
  timer.reset();
  loop.context().poll();
  SUCCEED();  // the sanitizers look
}

TEST_F(SystemTimerTest, WaitsForTheLongestDurationThereIs) {
  std::thread waker([this] { timer->wake(); });
  EXPECT_FALSE(loop.run(timer->wait(base::Duration::max())));
  waker.join();
}

// A wake is on its way as a posted cancel while the next wait has taken its flag already: that
// cancel must not end the wait after it.
TEST_F(SystemTimerTest, AStaleWakeDoesNotLookLikePassedTime) {
  for (int round = 0; round < 50; ++round) {
    timer->wake();
    ASSERT_FALSE(loop.run(timer->wait(1h)));
    const auto before = std::chrono::steady_clock::now();
    ASSERT_TRUE(loop.run(timer->wait(2ms)));
    ASSERT_GE(std::chrono::steady_clock::now() - before, 2ms);
  }
}

}  // namespace
}  // namespace beredd::io
