#include "beredd/io/inbox.h"

#include <memory>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::io {
namespace {

using ::testing::ElementsAre;

TEST(Inbox, RunsWhatIsDeliveredInOrderAndNotAtOnce) {
  boost::asio::io_context loop;
  std::vector<int> ran;
  for (int n : {1, 2, 3}) deliver(loop.get_executor(), [&ran, n] { ran.push_back(n); });
  EXPECT_TRUE(ran.empty());
  loop.run();
  EXPECT_THAT(ran, ElementsAre(1, 2, 3));
}

TEST(Inbox, WakesTheLoopOnceForAllThatWaits) {
  boost::asio::io_context loop;
  int ran = 0;
  for (int n = 0; n < 10; ++n) deliver(loop.get_executor(), [&ran] { ++ran; });
  EXPECT_EQ(loop.run_one(), 1);
  EXPECT_EQ(ran, 10);
}

TEST(Inbox, TakesWhatACallDelivers) {
  boost::asio::io_context loop;
  std::vector<int> ran;
  deliver(loop.get_executor(), [&] {
    ran.push_back(1);
    deliver(loop.get_executor(), [&ran] { ran.push_back(3); });
  });
  deliver(loop.get_executor(), [&ran] { ran.push_back(2); });
  loop.run();
  EXPECT_THAT(ran, ElementsAre(1, 2, 3));
}

TEST(Inbox, KeepsToAStrand) {
  boost::asio::io_context loop;
  auto strand = boost::asio::make_strand(loop);
  bool within = false;
  deliver(strand, [&] { within = strand.running_in_this_thread(); });
  loop.run();
  EXPECT_TRUE(within);
}

TEST(Inbox, DestroysWhatALoopThatEndsHasNotRun) {
  auto held = std::make_shared<int>(0);
  {
    boost::asio::io_context loop;
    deliver(loop.get_executor(), [held] { FAIL() << "it ran"; });
    EXPECT_EQ(held.use_count(), 2);
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Inbox, LosesNothingThatOtherThreadsDeliverWhileTheLoopRuns) {
  constexpr int kThreads = 4;
  constexpr int kCalls = 5000;
  boost::asio::io_context loop(1);
  auto work = boost::asio::make_work_guard(loop);
  int ran = 0;
  std::vector<std::thread> threads;
  for (int n = 0; n < kThreads; ++n) {
    threads.emplace_back([&] {
      for (int call = 0; call < kCalls; ++call) {
        deliver(loop.get_executor(), [&] {
          if (++ran == kThreads * kCalls) work.reset();
        });
      }
    });
  }
  loop.run();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ran, kThreads * kCalls);
}

}  // namespace
}  // namespace beredd::io
