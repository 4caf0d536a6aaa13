#include "beredd/vault/seal.h"

#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "beredd/base/digest.h"

namespace beredd::vault {
namespace {

Key key_of(std::uint8_t fill) {
  std::array<std::byte, Key::kSize> bytes{};
  bytes.fill(std::byte{fill});
  return Key(bytes);
}

class Sealing : public testing::Test {
 protected:
  Key key_ = key_of(7);
  base::SeededRandom random_{42};
};

void expect_corrupt(const base::Result<std::string>& opened) {
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().fault, base::Fault::permanent);
  EXPECT_EQ(opened.error().code, base::Code::corrupt);
}

TEST_F(Sealing, GivesBackWhatWasPutIn) {
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 200U, 65'536U, 1'000'003U}) {
    std::string text(size, '\0');
    random_.fill(std::as_writable_bytes(std::span(text)));
    const std::string sealed = seal(key_, random_, "message/1", text);
    EXPECT_EQ(sealed.size(), size + kSealOverhead);
    const base::Result<std::string> opened = open(key_, "message/1", sealed);
    ASSERT_TRUE(opened.ok()) << size;
    EXPECT_EQ(*opened, text);
  }
}

TEST_F(Sealing, NeverSealsTheSameTextTheSameWay) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(seal(key_, random_, "w", "the same"));
  EXPECT_EQ(seen.size(), 100U);
}

TEST_F(Sealing, OpensNothingInWhichOneBitDiffers) {
  const std::string sealed = seal(key_, random_, "w", "Dear support");
  for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    std::string altered = sealed;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ 1 << bit % 8);
    expect_corrupt(open(key_, "w", altered));
  }
  EXPECT_TRUE(open(key_, "w", sealed).ok());
}

TEST_F(Sealing, OpensNothingThatWasCutOrGrew) {
  const std::string sealed = seal(key_, random_, "w", "Dear support");
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    expect_corrupt(open(key_, "w", sealed.substr(0, size)));
  }
  expect_corrupt(open(key_, "w", sealed + '\0'));
}

TEST_F(Sealing, OpensNothingElsewhereOrWithAnotherKey) {
  const std::string sealed = seal(key_, random_, "ticket/1", "x");
  expect_corrupt(open(key_, "ticket/2", sealed));
  expect_corrupt(open(key_, "", sealed));
  expect_corrupt(open(key_of(8), "ticket/1", sealed));
}

TEST_F(Sealing, ServesManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (std::uint8_t t = 0; t < 4; ++t) {
    threads.emplace_back([this, t, &good] {
      const Key mine = key_of(t);
      for (int i = 0; i < 500; ++i) {
        const std::string text = fmt::format("{} of thread {}", i, t);
        const auto opened = open(mine, "w", seal(mine, random_, "w", text));
        if (opened && *opened == text) ++good;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 2'000);
}

TEST_F(Sealing, OpensAChunkAtItsOwnPlaceOnly) {
  const std::string first = seal_chunk(key_, 0, "first");
  const std::string second = seal_chunk(key_, 1, "second");
  EXPECT_EQ(first.size(), 5 + kTagSize);
  EXPECT_EQ(*open_chunk(key_, 0, first), "first");
  EXPECT_EQ(*open_chunk(key_, 1, second), "second");
  expect_corrupt(open_chunk(key_, 1, first));
  expect_corrupt(open_chunk(key_, 0, second));
  expect_corrupt(open_chunk(key_, 0, std::string_view(first).substr(1)));
  expect_corrupt(open_chunk(key_, 0, ""));
  expect_corrupt(open_chunk(key_of(8), 0, first));
}

TEST_F(Sealing, CountsChunksInAllFourBytesOfTheirIndex) {
  std::set<std::string> seen;
  for (const std::uint32_t index : {0U, 1U, 0x100U, 0x10000U, 0x1000000U, 0xffffffffU}) {
    const std::string sealed = seal_chunk(key_, index, "x");
    seen.insert(sealed);
    EXPECT_EQ(*open_chunk(key_, index, sealed), "x");
  }
  EXPECT_EQ(seen.size(), 6U);
}

TEST(Blinding, NamesATextStablyAndOnlyWithTheKey) {
  const Key key = key_of(7);
  EXPECT_EQ(blind(key, "a@example.org"), blind(key, "a@example.org"));
  EXPECT_NE(blind(key, "a@example.org"), blind(key, "b@example.org"));
  EXPECT_NE(blind(key, "a@example.org"), blind(key_of(8), "a@example.org"));
}

TEST(Blinding, IsTheFirstHalfOfTheHmac) {
  // openssl dgst -sha256 -mac HMAC -macopt hexkey:0b…0b (32 bytes) of "Hi There"
  EXPECT_EQ(base::to_hex(blind(key_of(0x0b), "Hi There")), "198a607eb44bfbc69903a0f1cf2bbdc5");
}

}  // namespace
}  // namespace beredd::vault
