// DNS block lists: how they are asked, what their answers mean, how long it is believed.

#include "block_lists.h"

#include "scripted_resolver.h"
#include "simulation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::service {
namespace {

using namespace std::chrono_literals;
using io::RecordType;
using testing::ElementsAre;
using testing::IsEmpty;
using Script = simulation::ScriptedResolver::Script;

TEST(BlockListName, IsTheAddressBackwards) {
  EXPECT_EQ(block_list_name("203.0.113.9", "zen.example"), "9.113.0.203.zen.example");
}

TEST(BlockListName, IsTheNibblesOfIpv6Backwards) {
  EXPECT_EQ(block_list_name("2001:db8::2f", "zen.example"),
            "f.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.zen.example");
}

TEST(BlockListName, OfAMappedAddressIsThatOfIpv4) {
  EXPECT_EQ(block_list_name("::ffff:203.0.113.9", "zen.example"), "9.113.0.203.zen.example");
}

TEST(BlockListName, IsNotThereForWhatIsNoAddress) {
  EXPECT_FALSE(block_list_name("unix", "zen.example").has_value());
  EXPECT_FALSE(block_list_name("", "zen.example").has_value());
}

TEST(Addresses, ThatAreNobodysAreNotLookedUp) {
  for (const char* address :
       {"127.0.0.1", "10.1.2.3", "172.31.255.255", "192.168.0.1", "169.254.1.1", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1",
        "::ffff:10.1.2.3", "::ffff:127.0.0.1", "unix", ""}) {
    EXPECT_FALSE(is_public(address)) << address;
  }
}

TEST(Addresses, ThatArePublicAreLookedUp) {
  for (const char* address : {"203.0.113.9", "172.32.0.1", "100.128.0.1", "2001:db8::1",
                              "::ffff:203.0.113.9", "223.255.255.255"}) {
    EXPECT_TRUE(is_public(address)) << address;
  }
}

TEST(Listing, IsAnAnswerInTheLoopbackNetwork) {
  EXPECT_EQ(listing_of({}), Listing::clear);
  EXPECT_EQ(listing_of({"127.0.0.2"}), Listing::listed);
  EXPECT_EQ(listing_of({"127.255.254.1"}), Listing::listed);
}

TEST(Listing, IsNotTheWordOfAListThatDoesNotAnswerUs) {
  EXPECT_EQ(listing_of({"127.255.255.254"}), Listing::error);
  EXPECT_EQ(listing_of({"127.255.255.252", "127.0.0.4"}), Listing::listed);
}

TEST(Listing, IsNotTheAddressOfAParkedDomain) {
  EXPECT_EQ(listing_of({"192.0.2.80"}), Listing::error);
  EXPECT_EQ(listing_of({"nonsense"}), Listing::error);
}

constexpr base::Instant kStart{1000h};

TEST(ListingCache, KeepsForTheTimeThatTheAnswerGave) {
  ListingCache cache;
  cache.keep("a", Listing::listed, 10min, kStart);
  EXPECT_EQ(cache.find("a", kStart + 10min - 1s), Listing::listed);
  EXPECT_EQ(cache.find("a", kStart + 10min), std::nullopt);
  EXPECT_EQ(cache.size(), 0U);
}

TEST(ListingCache, KeepsForAMinuteAtLeastAndAnHourAtMost) {
  ListingCache cache;
  cache.keep("short", Listing::clear, 0s, kStart);
  EXPECT_EQ(cache.find("short", kStart + 59s), Listing::clear);
  EXPECT_EQ(cache.find("short", kStart + 60s), std::nullopt);
  cache.keep("long", Listing::listed, 240h, kStart);
  EXPECT_EQ(cache.find("long", kStart + 59min), Listing::listed);
  EXPECT_EQ(cache.find("long", kStart + 60min), std::nullopt);
}

TEST(ListingCache, IsBoundedAndForgetsTheOldest) {
  ListingCache cache(2);
  cache.keep("a", Listing::clear, 1h, kStart);
  cache.keep("b", Listing::clear, 1h, kStart);
  cache.keep("a", Listing::listed, 1h, kStart);  // now the youngest
  cache.keep("c", Listing::clear, 1h, kStart);
  EXPECT_EQ(cache.size(), 2U);
  EXPECT_EQ(cache.find("a", kStart), Listing::listed);
  EXPECT_EQ(cache.find("b", kStart), std::nullopt);
}

class Lists : public testing::Test {
 protected:
  struct Outcome {
    std::optional<std::string> zone;
    base::Duration took{};
  };
  Outcome ask(const std::string& address) {
    const base::Instant start = world.clock().now();
    const auto inquiry = lists.ask(world.executor(), address);
    if (!inquiry) return {};
    const auto over = world.run(wait(inquiry));
    EXPECT_TRUE(over.has_value());
    return {inquiry->zone(), world.clock().now() - start};
  }
  static io::Task<bool> wait(std::shared_ptr<BlockLists::Inquiry> inquiry) {
    co_await inquiry->wait_until_over();
    co_return true;
  }
  void say(const std::string& name, Script script) {
    resolver.say(name, RecordType::a, std::move(script));
  }
  std::uint64_t counted(const std::string& list, const std::string& outcome) {
    return metrics
        .counter("beredd_dnsbl_total", "",
                 base::label("list", list) + "," + base::label("outcome", outcome))
        .value();
  }

  simulation::World world{11};
  base::Metrics metrics;
  simulation::ScriptedResolver resolver{world.timers(), world.executor()};
  BlockLists lists{
      {"one.example", "two.example"}, resolver, world.timers(), world.clock(), metrics};
};

TEST_F(Lists, ClearWhomNoneHas) {
  EXPECT_EQ(ask("203.0.113.9").zone, std::nullopt);
  EXPECT_THAT(resolver.asked, ElementsAre("9.113.0.203.one.example", "9.113.0.203.two.example"));
  EXPECT_EQ(counted("one.example", "clear"), 1U);
  EXPECT_EQ(counted("two.example", "clear"), 1U);
}

TEST_F(Lists, NameTheOneThatHasAClient) {
  say("9.113.0.203.two.example", {.records = {"127.0.0.4"}, .delay = 200ms});
  EXPECT_EQ(ask("203.0.113.9").zone, "two.example");
  EXPECT_EQ(counted("two.example", "listed"), 1U);
}

TEST_F(Lists, AreAskedAtOnceAndTheFirstWordAgainstAClientIsEnough) {
  say("9.113.0.203.one.example", {.records = {"127.0.0.2"}, .delay = 100ms});
  say("9.113.0.203.two.example", {.records = {}, .delay = 4s});
  const Outcome outcome = ask("203.0.113.9");
  EXPECT_EQ(outcome.zone, "one.example");
  EXPECT_LT(outcome.took, 1s);
  EXPECT_EQ(resolver.most_at_once, 2);
}

TEST_F(Lists, ThatAreSilentHaveNothingAgainstAnybody) {
  say("9.113.0.203.one.example", {.records = {"127.0.0.2"}, .delay = 1min});
  const Outcome outcome = ask("203.0.113.9");
  EXPECT_EQ(outcome.zone, std::nullopt);
  EXPECT_EQ(outcome.took, BlockLists::kPatience);
  EXPECT_EQ(counted("one.example", "unknown"), 1U);
}

TEST_F(Lists, ThatAreSilentAreWaitedForOnlyOnceAMinute) {
  say("9.113.0.203.one.example", {.records = {}, .delay = 1min});
  ask("203.0.113.9");
  EXPECT_EQ(ask("203.0.113.9").took, 0s);
  world.run_for(1min);
  EXPECT_EQ(ask("203.0.113.9").took, BlockLists::kPatience);
}

TEST_F(Lists, ThatFailHaveNothingAgainstAnybody) {
  say("9.113.0.203.one.example", {.records = {"127.0.0.2"}, .fails = true});
  EXPECT_EQ(ask("203.0.113.9").zone, std::nullopt);
  EXPECT_EQ(counted("one.example", "unknown"), 1U);
}

TEST_F(Lists, ThatDoNotAnswerUsListNobody) {
  say("9.113.0.203.one.example", {.records = {"127.255.255.254"}});
  EXPECT_EQ(ask("203.0.113.9").zone, std::nullopt);
  EXPECT_EQ(counted("one.example", "error"), 1U);
}

TEST_F(Lists, AreNotAskedAgainWhileTheAnswerHolds) {
  say("9.113.0.203.one.example", {.records = {"127.0.0.2"}, .ttl = 600s});
  ask("203.0.113.9");
  EXPECT_EQ(ask("203.0.113.9").zone, "one.example");
  EXPECT_EQ(resolver.asked.size(), 2U);
  EXPECT_EQ(counted("one.example", "listed"), 2U) << "counted by client, not by question";
  say("9.113.0.203.one.example", {});
  world.run_for(10min);
  EXPECT_EQ(ask("203.0.113.9").zone, std::nullopt);
}

TEST_F(Lists, AreNotAskedAboutPrivateAddresses) {
  EXPECT_EQ(lists.ask(world.executor(), "192.168.1.1"), nullptr);
  EXPECT_EQ(lists.ask(world.executor(), "::1"), nullptr);
  EXPECT_THAT(resolver.asked, IsEmpty());
}

}  // namespace
}  // namespace beredd::service
