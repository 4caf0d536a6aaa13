#include "beredd/base/random.h"

#include <array>
#include <set>

#include <gtest/gtest.h>

namespace beredd::base {
namespace {

TEST(SeededRandom, RepeatsItselfAndItsFirstNumbersAreFixed) {
  SeededRandom one(5489);
  SeededRandom two(5489);
  EXPECT_EQ(one.next(), 14514284786278117030U);  // the standard's mt19937_64 with its default seed
  EXPECT_EQ(one.next(), 4620546740167642908U);
  two.next();
  two.next();
  EXPECT_EQ(one.hex(20), two.hex(20));
  EXPECT_NE(SeededRandom(1).next(), SeededRandom(2).next());
}

TEST(SeededRandom, FillsEveryByteOfOddSizes) {
  for (std::size_t size = 1; size < 20; ++size) {
    std::vector<std::byte> seen(size);
    SeededRandom random(size);
    for (int round = 0; round < 64; ++round) {
      std::vector<std::byte> out(size);
      random.fill(out);
      for (std::size_t i = 0; i < size; ++i) seen[i] |= out[i];
    }
    for (const std::byte byte : seen) EXPECT_EQ(byte, std::byte{0xff});
  }
}

TEST(SeededRandom, GivesEachOfManyThreadsNumbersOfItsOwn) {
  SeededRandom random(3);
  std::array<std::vector<std::uint64_t>, 4> drawn;
  std::vector<std::thread> threads;
  for (auto& mine : drawn) {
    threads.emplace_back([&random, &mine] {
      for (int i = 0; i < 1'000; ++i) mine.push_back(random.next());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::uint64_t> all;
  for (const auto& mine : drawn) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 4'000U);
}

TEST(Random, StaysBelowItsBoundAndReachesAllOfIt) {
  SeededRandom random(11);
  std::array<int, 6> seen{};
  for (int i = 0; i < 6'000; ++i) ++seen.at(random.below(6));
  for (const int count : seen) {
    EXPECT_GT(count, 850);
    EXPECT_LT(count, 1'150);
  }
  EXPECT_EQ(random.below(1), 0U);
}

// Says the given numbers, one after the other.
class Scripted final : public Random {
 public:
  explicit Scripted(std::vector<std::uint64_t> numbers) : numbers_(std::move(numbers)) {}
  void fill(std::span<std::byte> out) override {
    std::uint64_t number = numbers_.at(next_++);
    for (std::byte& byte : out) {
      byte = static_cast<std::byte>(number >> 56);
      number <<= 8;
    }
  }

 private:
  std::vector<std::uint64_t> numbers_;
  std::size_t next_ = 0;
};

TEST(Random, ThrowsAwayTheNumbersThatWouldFavourSome) {
  // 2^64 mod 3 is 1: of all numbers, 0 alone would make one remainder more frequent.
  Scripted random({0, 7});
  EXPECT_EQ(random.below(3), 1U);
}

TEST(Random, WritesTwoLowerCaseDigitsForEachByte) {
  Scripted random({0x00ff'1a2b'0000'0000});
  EXPECT_EQ(random.hex(4), "00ff1a2b");
}

TEST(SystemRandom, DoesNotRepeatItself) {
  SystemRandom random;
  EXPECT_NE(random.hex(16), random.hex(16));
  EXPECT_EQ(random.hex(1'000).size(), 2'000U);
}

}  // namespace
}  // namespace beredd::base
