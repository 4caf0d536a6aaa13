#include "beredd/base/digest.h"

#include <gtest/gtest.h>

namespace beredd::base {
namespace {

constexpr std::string_view kOfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::string_view kOfAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256, MatchesTheVectorsOfFips180) {
  EXPECT_EQ(to_hex(sha256("")), kOfNothing);
  EXPECT_EQ(to_hex(sha256("abc")), kOfAbc);
  EXPECT_EQ(to_hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(to_hex(sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Stream, DoesNotDependOnThePieces) {
  Sha256Stream stream;
  stream.update("a");
  stream.update("");
  stream.update("bc");
  EXPECT_EQ(to_hex(stream.finish()), kOfAbc);
}

TEST(Sha256Stream, StartsAnewAfterFinish) {
  Sha256Stream stream;
  stream.update("something else");
  EXPECT_NE(to_hex(stream.finish()), kOfNothing);
  EXPECT_EQ(to_hex(stream.finish()), kOfNothing);
}

TEST(Sha256Stream, KeepsWhatItReadWhenItMoves) {
  Sha256Stream first;
  first.update("ab");
  Sha256Stream second(std::move(first));
  second.update("c");
  Sha256Stream third;
  third = std::move(second);
  EXPECT_EQ(to_hex(third.finish()), kOfAbc);
}

TEST(Hex, GoesThereAndBack) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  const std::string hex = to_hex(std::as_bytes(std::span(all)));
  EXPECT_EQ(hex.substr(0, 8), "00010203");
  EXPECT_EQ(hex.substr(504), "fcfdfeff");
  const Result<std::string> back = from_hex(hex);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, all);
  EXPECT_EQ(*from_hex("FCfd"), "\xfc\xfd");
  EXPECT_EQ(*from_hex(""), "");
}

TEST(Hex, RefusesWhatIsNone) {
  for (const std::string_view text : {"0", "0g", "g0", "0x", " 0", "00 "}) {
    const Result<std::string> read = from_hex(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, Code::invalid);
  }
}

}  // namespace
}  // namespace beredd::base
