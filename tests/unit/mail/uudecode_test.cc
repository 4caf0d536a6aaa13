#include "uudecode.h"

#include "letters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view kCat = "begin 644 cat.txt\n#0V%T\n`\nend\n";

TEST(SplitUu, FindsFilesBetweenLines) {
  const UuText found = split_uu("before\n" + std::string(kCat) + "after\n" + std::string(kCat));
  EXPECT_EQ(found.rest, "before\nafter\n");
  ASSERT_THAT(found.files, SizeIs(2));
  EXPECT_EQ(found.files[0].name, "cat.txt");
  EXPECT_EQ(found.files[0].bytes, "Cat");
}

TEST(SplitUu, BearsCrlfAndLostBlanks) {
  const UuText found = split_uu("begin 0644 a b.txt\r\n#0V%T\r\n \r\nend\r\n");
  ASSERT_THAT(found.files, SizeIs(1));
  EXPECT_EQ(found.files[0].name, "a b.txt");
}

TEST(SplitUu, ATextThatSpeaksOfItIsLeftAlone) {
  for (const std::string_view text :
       {"begin 644 cat.txt\n#0V%T\n", "begin 644 cat.txt\nend\n", "begin 644\n#0V%T\nend\n",
        "begin the work\nend\n", "begin 644 x\nthis is no line of it, as its length says\nend\n",
        "begin 999 x\n#0V%T\nend\n"}) {
    EXPECT_EQ(split_uu(text).rest, text);
    EXPECT_THAT(split_uu(text).files, IsEmpty());
  }
}

TEST(SplitUu, BeginningsWithoutEndAreLinear) {
  const std::string text = repeated("begin 644 x\n", 200000);
  EXPECT_EQ(split_uu(text).rest, text);
  const std::string longer = "begin 644 x\n" + repeated("#0V%T\n", 300000) + "?";
  EXPECT_EQ(split_uu(longer).rest, longer);
}

TEST(BeginsUu, AsksForModeAndName) {
  EXPECT_TRUE(begins_uu(kCat));
  EXPECT_TRUE(begins_uu("\r\n\r\nbegin 644 x\r\n"));
  EXPECT_FALSE(begins_uu("begin 644\n"));
  EXPECT_FALSE(begins_uu(""));
}

}  // namespace
}  // namespace beredd::mail
