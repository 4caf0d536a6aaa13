#include "beredd/io/blocking_pool.h"

#include "live.h"

#include <future>
#include <thread>

#include <gtest/gtest.h>

namespace beredd::io {
namespace {

Task<void> note_threads(BlockingPool& pool, std::thread::id& worked, std::thread::id& resumed) {
  std::function<void()> work = [&worked] { worked = std::this_thread::get_id(); };
  co_await pool.run(std::move(work));
  resumed = std::this_thread::get_id();
}

TEST(ThreadPool, WorksOnAThreadOfItsOwnAndGoesOnInTheCallersLoop) {
  live::Loop loop;
  const auto pool = thread_pool(1);
  std::thread::id worked, resumed;
  loop.run(note_threads(*pool, worked, resumed));
  EXPECT_NE(worked, std::this_thread::get_id());
  EXPECT_EQ(resumed, std::this_thread::get_id());
}

TEST(InlinePool, WorksInTheCallingThread) {
  live::Loop loop;
  const auto pool = inline_pool();
  std::thread::id worked, resumed;
  loop.run(note_threads(*pool, worked, resumed));
  EXPECT_EQ(worked, std::this_thread::get_id());
}

Task<void> append(BlockingPool& pool, std::vector<int>& order, int number, int& done) {
  std::function<void()> work = [&order, number] { order.push_back(number); };
  co_await pool.run(std::move(work));
  ++done;
}

TEST(ThreadPool, TakesWorkInOrderOfArrival) {
  live::Loop loop;
  const auto pool = thread_pool(1);
  std::vector<int> order;
  int done = 0;
  for (int i = 0; i < 100; ++i) loop.start(append(*pool, order, i, done));
  loop.run_until([&] { return done == 100; });
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  EXPECT_EQ(order.size(), 100u);
}

Task<void> meet(BlockingPool& pool, std::promise<void>& mine, std::shared_future<void> other,
                int& done) {
  std::function<void()> work = [&mine, other] {
    mine.set_value();
    other.wait();
  };
  co_await pool.run(std::move(work));
  ++done;
}

TEST(ThreadPool, RunsAsManyAtOnceAsItHasThreads) {
  live::Loop loop;
  const auto pool = thread_pool(2);
  std::promise<void> first, second;
  int done = 0;
  loop.start(meet(*pool, first, second.get_future().share(), done));
  loop.start(meet(*pool, second, first.get_future().share(), done));
  loop.run_until([&] { return done == 2; });
  EXPECT_EQ(done, 2);
}

TEST(ThreadPool, FinishesWhatWaitsBeforeItIsGone) {
  live::Loop loop;
  auto pool = thread_pool(1);
  std::vector<int> order;
  int done = 0;
  for (int i = 0; i < 20; ++i) loop.start(append(*pool, order, i, done));
  loop.context().poll();
  pool.reset();
  EXPECT_EQ(order.size(), 20u);
  loop.run_until([&] { return done == 20; });
}

}  // namespace
}  // namespace beredd::io
