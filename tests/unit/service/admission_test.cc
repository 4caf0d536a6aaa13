// Places and rates by network, by hand and against a slow reference.

#include "admission.h"

#include "networks.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace beredd::service {
namespace {

using namespace std::chrono_literals;

const base::Instant kStart = base::from_micros(1'800'000'000'000'000);

config::Smtp small() {
  config::Smtp smtp;
  smtp.max_sessions = 4;
  smtp.trusted = {"192.0.2.0/24"};
  smtp.xclient_from = {"198.51.100.1"};
  smtp.proxy_protocol_from = {"198.51.100.2"};
  smtp.limits.sessions_per_network = 2;
  smtp.limits.connections_per_minute = 6;
  smtp.limits.messages_per_minute = 3;
  smtp.limits.recipients_per_minute = 60;
  smtp.limits.reserved_sessions = 1;
  return smtp;
}

class Door : public testing::Test {
 protected:
  // The limit that was met, or nothing.
  std::string enter(std::string_view address, base::Instant at = kStart) {
    return told(admission.enter(admission.client(address), at));
  }
  void leave(std::string_view address) { admission.leave(admission.client(address)); }
  std::string message(std::string_view address, base::Instant at = kStart) {
    return told(admission.message(admission.client(address), at));
  }
  static std::string told(const std::optional<Refusal>& refusal) {
    return refusal ? std::string(refusal->limit) : "";
  }
  Admission admission{small()};
};

TEST(CountedNetwork, IsA24OrA56) {
  EXPECT_EQ(counted_network("203.0.113.1"), counted_network("203.0.113.254"));
  EXPECT_NE(counted_network("203.0.113.1"), counted_network("203.0.112.1"));
  EXPECT_EQ(counted_network("2001:db8:0:aa00::1"), counted_network("2001:db8:0:aaff::2"));
  EXPECT_NE(counted_network("2001:db8:0:aa00::1"), counted_network("2001:db8:0:ab00::1"));
}

TEST(CountedNetwork, OfAMappedAddressIsThatOfIPv4) {
  EXPECT_EQ(counted_network("::ffff:203.0.113.1"), counted_network("203.0.113.9"));
}

TEST(CountedNetwork, OfIPv4IsNeverThatOfIPv6) {
  EXPECT_NE(counted_network("32.1.13.0"), counted_network("2001:d00::"));
}

TEST(CountedNetwork, IsNothingForWhatIsNoAddress) {
  EXPECT_FALSE(counted_network("unix"));
  EXPECT_FALSE(counted_network(""));
}

TEST_F(Door, TakesNoMoreOfOneNetworkThanItsShare) {
  EXPECT_EQ(enter("203.0.113.1"), "");
  EXPECT_EQ(enter("203.0.113.2"), "");
  EXPECT_EQ(enter("203.0.113.3"), "sessions_per_network");
  EXPECT_EQ(enter("203.0.112.3"), "");
  leave("203.0.113.1");
  EXPECT_EQ(enter("203.0.113.3"), "");
}

TEST_F(Door, KeepsTheReserveForTheTrusted) {
  for (const char* address : {"10.0.1.1", "10.0.2.1", "10.0.3.1", "10.0.4.1"}) {
    EXPECT_EQ(enter(address), "");
  }
  const auto refusal = admission.enter(admission.client("10.0.5.1"), kStart);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->limit, "max_sessions");
  EXPECT_EQ(smtp::one_line(refusal->reply).substr(0, 9), "421 4.3.2");
  EXPECT_EQ(enter("192.0.2.1"), "");
  EXPECT_EQ(enter("192.0.2.1"), "reserved_sessions") << "the reserve has its end too";
  EXPECT_EQ(admission.sessions(), 5);
}

TEST_F(Door, CountsTheConnectionsOfAMinute) {
  for (int n = 0; n < 6; ++n) {
    EXPECT_EQ(enter("203.0.113.1"), "");
    leave("203.0.113.1");
  }
  EXPECT_EQ(enter("203.0.113.1"), "connections_per_minute");
  EXPECT_EQ(enter("203.0.113.1", kStart + 10s - 1us), "connections_per_minute");
  EXPECT_EQ(enter("203.0.113.1", kStart + 10s), "");
  EXPECT_EQ(enter("203.0.113.1", kStart + 10s), "connections_per_minute");
}

TEST_F(Door, GivesTheTrustedAndTheFrontsAnyRate) {
  for (const char* address : {"192.0.2.1", "198.51.100.1", "198.51.100.2", "unix"}) {
    for (int n = 0; n < 100; ++n) {
      EXPECT_EQ(enter(address), "");
      EXPECT_EQ(message(address), "");
      leave(address);
    }
  }
  EXPECT_EQ(admission.networks(), 0U);
}

TEST_F(Door, CountsMailsByNetwork) {
  ASSERT_EQ(enter("203.0.113.1"), "");
  ASSERT_EQ(enter("203.0.113.2"), "");
  EXPECT_EQ(message("203.0.113.1"), "");
  EXPECT_EQ(message("203.0.113.2"), "");
  EXPECT_EQ(message("203.0.113.1"), "");
  EXPECT_EQ(message("203.0.113.2"), "messages_per_minute");
  EXPECT_EQ(message("203.0.113.2", kStart + 20s), "");
}

TEST_F(Door, AnswersTooManyRecipientsWithA452) {
  ASSERT_EQ(enter("203.0.113.1"), "");
  const auto client = admission.client("203.0.113.1");
  for (int n = 0; n < 60; ++n) EXPECT_FALSE(admission.recipient(client, kStart));
  const auto refusal = admission.recipient(client, kStart);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->limit, "recipients_per_minute");
  EXPECT_EQ(refusal->reply.code, 452);
  EXPECT_FALSE(admission.recipient(client, kStart + 1s));
}

TEST_F(Door, BarsNobodyForMoreThanAMinuteAfterTheClockWasSetBack) {
  for (int n = 0; n < 6; ++n) {
    ASSERT_EQ(enter("203.0.113.1"), "");
    leave("203.0.113.1");
  }
  EXPECT_EQ(enter("203.0.113.1", kStart - 24h), "connections_per_minute");
  EXPECT_EQ(enter("203.0.113.1", kStart - 24h + 10s), "");
}

TEST_F(Door, CountsWhomAFrontSpeaksFor) {
  const auto front = admission.client("198.51.100.1");
  const auto customer = admission.client("203.0.113.1");
  for (int n = 0; n < 3; ++n) ASSERT_FALSE(admission.enter(front, kStart));
  EXPECT_FALSE(admission.change(front, customer, kStart));
  EXPECT_FALSE(admission.change(front, customer, kStart));
  EXPECT_EQ(told(admission.change(front, customer, kStart)), "sessions_per_network");
  EXPECT_FALSE(admission.change(customer, customer, kStart)) << "it has its place";
  admission.leave(front);
  admission.leave(customer);
  admission.leave(customer);
  EXPECT_EQ(admission.sessions(), 0);
}

TEST(Admission, RemembersABoundedNumberOfNetworks) {
  Admission admission{config::Smtp{}};
  const int many = static_cast<int>(Admission::kRemembered) + 1000;
  for (int n = 0; n < many; ++n) {
    const auto client =
        admission.client(fmt::format("{}.{}.{}.1", 10 + n / 65'536, n / 256 % 256, n % 256));
    ASSERT_FALSE(admission.enter(client, kStart));
    admission.leave(client);
  }
  EXPECT_EQ(admission.networks(), Admission::kRemembered);
}

TEST(Admission, WithZeroesHasNoLimitButItsPlaces) {
  config::Smtp smtp;
  smtp.limits.sessions_per_network = 0;
  smtp.limits.connections_per_minute = 0;
  smtp.limits.messages_per_minute = 0;
  Admission admission{smtp};
  const auto client = admission.client("203.0.113.1");
  for (int n = 0; n < 1000; ++n) {
    ASSERT_FALSE(admission.enter(client, kStart));
    ASSERT_FALSE(admission.message(client, kStart));
  }
  EXPECT_TRUE(admission.enter(client, kStart));
}

TEST(Admission, CountsRightOnSeveralThreads) {
  config::Smtp smtp;
  smtp.limits.connections_per_minute = 0;
  Admission admission{smtp};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      const auto client = admission.client("203.0.113.1");
      for (int n = 0; n < 1000; ++n) {
        ASSERT_FALSE(admission.enter(client, kStart));
        admission.leave(client);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(admission.sessions(), 0);
}

// The same rules, kept as a list of sessions and buckets that are refilled drop by drop.
struct Reference {
  struct Bucket {
    std::int64_t filled = 60'000'000;
    base::Instant at = kStart;
    bool take(std::int64_t token, base::Instant now) {
      filled = std::min<std::int64_t>(60'000'000, filled + (now - at).count());
      at = now;
      if (filled < token) return false;
      filled -= token;
      return true;
    }
  };
  std::vector<int> sessions;  // the networks of those that are open
  std::map<int, Bucket> connections, messages;

  bool enter(int network, base::Instant at) {
    if (sessions.size() >= 4) return false;
    if (std::count(sessions.begin(), sessions.end(), network) >= 2) return false;
    if (!connections[network].take(10'000'000, at)) return false;
    sessions.push_back(network);
    return true;
  }
};

TEST(Admission, DecidesAsTheReferenceDoes) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  Admission admission{small()};
  Reference reference;
  base::Instant at = kStart;
  const auto client = [&](int network) {
    return admission.client("10.0." + std::to_string(network) + ".1");
  };
  for (int step = 0; step < 20'000; ++step) {
    at += std::chrono::microseconds(random() % 3'000'000);
    const int what = static_cast<int>(random() % 3);
    if (what == 0) {
      const int network = static_cast<int>(random() % 4);
      ASSERT_EQ(!admission.enter(client(network), at), reference.enter(network, at)) << step;
    } else if (!reference.sessions.empty()) {
      const std::size_t chosen = random() % reference.sessions.size();
      const int network = reference.sessions[chosen];
      if (what == 1) {
        admission.leave(client(network));
        reference.sessions.erase(reference.sessions.begin() + static_cast<std::ptrdiff_t>(chosen));
      } else {
        ASSERT_EQ(!admission.message(client(network), at),
                  reference.messages[network].take(20'000'000, at))
            << step;
      }
    }
    ASSERT_EQ(static_cast<std::size_t>(admission.sessions()), reference.sessions.size());
  }
}

}  // namespace
}  // namespace beredd::service
