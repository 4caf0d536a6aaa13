#include "beredd/io/task.h"

#include "live.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace beredd::io {
namespace {

Task<void> set(bool& flag) {
  flag = true;
  co_return;
}

Task<void> fall() {
  throw std::runtime_error("the floor is gone");
  co_return;
}

Task<void> fall_oddly() {
  throw 42;
  co_return;
}

void run_until_it_ends(Task<void> task) {
  boost::asio::io_context context;
  spawn(context.get_executor(), std::move(task), "the walker");
  context.run();
}

TEST(Spawn, RunsATask) {
  bool ran = false;
  run_until_it_ends(set(ran));
  EXPECT_TRUE(ran);
}

TEST(SpawnDeathTest, EndsTheProcessAndNamesTheTaskWhenAnExceptionEscapes) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(run_until_it_ends(fall()), "the walker.*the floor is gone");
}

TEST(SpawnDeathTest, EndsTheProcessForAnExceptionOfAnyType) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(run_until_it_ends(fall_oddly()), "the walker");
}

}  // namespace
}  // namespace beredd::io
