#include "networks.h"

#include <gtest/gtest.h>

namespace beredd::service {
namespace {

TEST(Networks, HoldWhatSharesTheirFirstBits) {
  const std::vector<std::string> networks{"192.0.2.0/25", "2001:db8:1::/47"};
  EXPECT_TRUE(lies_in(networks, "192.0.2.0"));
  EXPECT_TRUE(lies_in(networks, "192.0.2.127"));
  EXPECT_FALSE(lies_in(networks, "192.0.2.128"));
  EXPECT_FALSE(lies_in(networks, "192.0.3.1"));
  EXPECT_TRUE(lies_in(networks, "2001:db8::7"));
  EXPECT_TRUE(lies_in(networks, "2001:db8:1:ffff::7"));
  EXPECT_FALSE(lies_in(networks, "2001:db8:2::7"));
}

TEST(Networks, AnAddressWithoutALengthIsItself) {
  EXPECT_TRUE(lies_in({"192.0.2.7"}, "192.0.2.7"));
  EXPECT_FALSE(lies_in({"192.0.2.7"}, "192.0.2.6"));
  EXPECT_TRUE(lies_in({"2001:db8::7"}, "2001:db8:0:0::7")) << "however it is spelt";
  EXPECT_FALSE(lies_in({"2001:db8::7"}, "2001:db8::8"));
}

TEST(Networks, TheBitsBehindTheLengthDoNotCount) {
  EXPECT_TRUE(lies_in({"192.0.2.99/24"}, "192.0.2.1"));
}

TEST(Networks, ALengthOfNoneHoldsTheWholeFamily) {
  EXPECT_TRUE(lies_in({"0.0.0.0/0"}, "203.0.113.5"));
  EXPECT_FALSE(lies_in({"0.0.0.0/0"}, "2001:db8::7")) << "IPv4 only";
  EXPECT_TRUE(lies_in({"::/0"}, "2001:db8::7"));
}

TEST(Networks, AMappedAddressCountsAsIPv4) {
  EXPECT_TRUE(lies_in({"192.0.2.0/24"}, "::ffff:192.0.2.7"));
  EXPECT_FALSE(lies_in({"192.0.2.0/24"}, "::ffff:192.0.3.7"));
  EXPECT_FALSE(lies_in({"192.0.2.0/24"}, "::192.0.2.7")) << "compatible is not mapped";
}

TEST(Networks, WhatIsNoAddressLiesInNone) {
  for (const char* address : {"", "unix", "192.0.2", "192.0.2.7 ", "192.0.2.7/32", "localhost"}) {
    EXPECT_FALSE(lies_in({"0.0.0.0/0", "::/0"}, address)) << address;
  }
}

TEST(Networks, NoneHoldNothing) { EXPECT_FALSE(lies_in({}, "192.0.2.7")); }

TEST(Networks, WhatIsNoNetworkHoldsNothingAndDoesNotHideTheNext) {
  EXPECT_FALSE(lies_in({"192.0.2.0/", "192.0.2.0/x", "192.0.2.0/8x", "/0", ""}, "192.0.2.7"));
  EXPECT_TRUE(lies_in({"nonsense", "192.0.2.0/24"}, "192.0.2.7"));
}

}  // namespace
}  // namespace beredd::service
