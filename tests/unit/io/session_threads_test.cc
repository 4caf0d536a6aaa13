#include "beredd/io/session_threads.h"

#include <future>
#include <set>
#include <thread>
#include <vector>

#include <boost/asio/post.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::io {
namespace {

std::thread::id thread_of(const Executor& executor) {
  std::promise<std::thread::id> here;
  boost::asio::post(executor, [&here] { here.set_value(std::this_thread::get_id()); });
  return here.get_future().get();
}

TEST(SessionThreads, GivesHomesInTurn) {
  SessionThreads threads(3);
  threads.start();
  std::vector<std::thread::id> seen;
  for (int n = 0; n < 6; ++n) seen.push_back(thread_of(threads.next()));
  EXPECT_EQ(std::set(seen.begin(), seen.begin() + 3).size(), 3U);
  EXPECT_TRUE(std::equal(seen.begin(), seen.begin() + 3, seen.begin() + 3));
}

TEST(SessionThreads, AHomeStaysOnItsThread) {
  SessionThreads threads(2);
  threads.start();
  const Executor home = threads.homes()();
  const std::thread::id first = thread_of(home);
  for (int n = 0; n < 20; ++n) EXPECT_EQ(thread_of(home), first);
  EXPECT_NE(first, std::this_thread::get_id());
}

TEST(SessionThreads, StopsWhatStillWaitsAndDestroysIt) {
  const auto witness = std::make_shared<int>(0);
  {
    SessionThreads threads(1);
    threads.start();
    threads.stop();
    threads.stop();
    boost::asio::post(threads.next(), [witness] { ADD_FAILURE() << "ran after the end"; });
    EXPECT_EQ(witness.use_count(), 2);
  }
  EXPECT_EQ(witness.use_count(), 1);
}

}  // namespace
}  // namespace beredd::io
