#include "ramp.h"

#include <gtest/gtest.h>

namespace beredd::service {
namespace {

TEST(Ramp, StartsWithOneMessage) { EXPECT_EQ(Ramp().window(), 1); }

TEST(Ramp, RisesOneStepAfterAWindowOfSuccesses) {
  Ramp ramp;
  ramp.succeeded();
  EXPECT_EQ(ramp.window(), 5);
  for (int n = 0; n < 4; ++n) ramp.succeeded();
  EXPECT_EQ(ramp.window(), 5);
  ramp.succeeded();
  EXPECT_EQ(ramp.window(), 20);
  for (int n = 0; n < 20; ++n) ramp.succeeded();
  EXPECT_EQ(ramp.window(), 80);
  for (int n = 0; n < 1000; ++n) ramp.succeeded();
  EXPECT_EQ(ramp.window(), 80) << "the last step is the highest";
}

TEST(Ramp, FallsOneStepOnAnError) {
  Ramp ramp;
  for (int n = 0; n < 6; ++n) ramp.succeeded();
  ASSERT_EQ(ramp.window(), 20);
  ramp.failed();
  EXPECT_EQ(ramp.window(), 5);
  EXPECT_FALSE(ramp.hurt());
}

TEST(Ramp, NeverGoesBelowOne) {
  Ramp ramp;
  ramp.failed();
  ramp.failed();
  EXPECT_EQ(ramp.window(), 1);
}

TEST(Ramp, ThreeErrorsInARowMeanThatThePrimaryIsHurt) {
  Ramp ramp;
  ramp.failed();
  ramp.failed();
  EXPECT_FALSE(ramp.hurt());
  ramp.failed();
  EXPECT_TRUE(ramp.hurt());
}

TEST(Ramp, ASuccessBetweenForgivesTheErrorsBeforeIt) {
  Ramp ramp;
  ramp.failed();
  ramp.failed();
  ramp.succeeded();
  ramp.failed();
  ramp.failed();
  EXPECT_FALSE(ramp.hurt());
}

TEST(Ramp, AnErrorStartsTheCountOfSuccessesAnew) {
  Ramp ramp;
  ramp.succeeded();
  for (int n = 0; n < 4; ++n) ramp.succeeded();
  ramp.failed();
  EXPECT_EQ(ramp.window(), 1);
  ramp.succeeded();
  EXPECT_EQ(ramp.window(), 5);
}

TEST(Ramp, RestartForgetsEverything) {
  Ramp ramp;
  for (int n = 0; n < 100; ++n) ramp.succeeded();
  ramp.failed();
  ramp.restart();
  EXPECT_EQ(ramp.window(), 1);
  EXPECT_FALSE(ramp.hurt());
}

}  // namespace
}  // namespace beredd::service
