#include "ticket_keys.h"

#include <gtest/gtest.h>

namespace beredd::io {
namespace {

const TicketKeys::Point kStart{std::chrono::hours(1000)};

TEST(TicketKeys, SealWithOneKeyForItsTime) {
  TicketKeys keys;
  const auto first = keys.issuing(kStart);
  const auto later = keys.issuing(kStart + TicketKeys::kIssuing - std::chrono::seconds(1));
  ASSERT_TRUE(first && later);
  EXPECT_EQ(first->name, later->name);
  EXPECT_EQ(first->cipher, later->cipher);
}

TEST(TicketKeys, SealWithAnotherKeyAfterItsTime) {
  TicketKeys keys;
  const auto first = keys.issuing(kStart);
  const auto second = keys.issuing(kStart + TicketKeys::kIssuing);
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->name, second->name);
  EXPECT_NE(first->cipher, second->cipher);
  EXPECT_NE(first->mac, second->mac);
}

TEST(TicketKeys, OpenAnOldTicketAndAskForItsRenewal) {
  TicketKeys keys;
  const auto first = keys.issuing(kStart);
  const auto fresh = keys.find(first->name, kStart);
  ASSERT_TRUE(fresh);
  EXPECT_FALSE(fresh->renew);
  const auto second = keys.issuing(kStart + TicketKeys::kIssuing);
  const auto old = keys.find(first->name, kStart + TicketKeys::kIssuing);
  ASSERT_TRUE(second && old);
  EXPECT_TRUE(old->renew);
  EXPECT_EQ(old->key.cipher, first->cipher);
}

TEST(TicketKeys, ForgetAKeyAfterTwiceItsTime) {
  TicketKeys keys;
  const auto first = keys.issuing(kStart);
  EXPECT_FALSE(keys.find(first->name, kStart + 2 * TicketKeys::kIssuing));
}

TEST(TicketKeys, OpenNothingThatTheyDidNotSeal) {
  TicketKeys keys;
  TicketKeys others;
  const auto mine = keys.issuing(kStart);
  const auto foreign = others.issuing(kStart);
  ASSERT_TRUE(mine && foreign);
  EXPECT_FALSE(keys.find(foreign->name, kStart));
}

}  // namespace
}  // namespace beredd::io
