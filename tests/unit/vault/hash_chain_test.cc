#include "beredd/vault/hash_chain.h"

#include <gtest/gtest.h>

namespace beredd::vault {
namespace {

using namespace std::string_literals;

std::string raw(const base::Sha256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

TEST(HashChain, StartsWithZeros) { EXPECT_EQ(raw(chain_start()), std::string(32, '\0')); }

TEST(HashChain, CoversTheLinkBeforeTheLengthAndTheEntry) {
  const base::Sha256 first = chain_next(chain_start(), "accepted");
  EXPECT_EQ(first, base::sha256(std::string(32, '\0') + "\0\0\0\0\0\0\0\x08"s + "accepted"));
  const std::string large(0x1'0203, 'x');
  EXPECT_EQ(chain_next(first, large), base::sha256(raw(first) + "\0\0\0\0\0\x01\x02\x03"s + large));
}

TEST(HashChain, ShowsEveryChangeInAllLaterLinks) {
  const auto end_of = [](const std::vector<std::string>& entries) {
    base::Sha256 link = chain_start();
    for (const std::string& entry : entries) link = chain_next(link, entry);
    return link;
  };
  const base::Sha256 truth = end_of({"a", "b", "c"});
  EXPECT_EQ(end_of({"a", "b", "c"}), truth);
  EXPECT_NE(end_of({"a", "c", "b"}), truth);      // reordered
  EXPECT_NE(end_of({"a", "c"}), truth);           // dropped
  EXPECT_NE(end_of({"a", "bc"}), truth);          // joined
  EXPECT_NE(end_of({"a", "B", "c"}), truth);      // altered
  EXPECT_NE(end_of({"", "a", "b", "c"}), truth);  // an empty entry counts
}

}  // namespace
}  // namespace beredd::vault
