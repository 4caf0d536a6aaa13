#include "hop_count.h"

#include <gtest/gtest.h>

namespace beredd::service {
namespace {

constexpr std::string_view kOwn =
    "Received: from a by b with ESMTP\r\n id 4f1c2a9b.1042 for <x@y.example>;\r\n Mon, 23 Nov 2026 "
    "01:30:26 +0000\r\n";
constexpr std::string_view kOther = "received: from c by d with SMTP id 77.1042; now\r\n";

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int n = 0; n < times; ++n) all += text;
  return all;
}

bool loops(std::string_view message, std::size_t cut = 1'000'000) {
  HopCount hops("4f1c2a9b");
  for (; !message.empty(); message.remove_prefix(std::min(cut, message.size())))
    hops.add(message.substr(0, cut));
  return hops.loops();
}

TEST(HopCount, AHundredHopsAreALoop) {
  EXPECT_FALSE(loops(repeated(kOther, 99) + "Subject: x\r\n\r\n"));
  EXPECT_TRUE(loops(repeated(kOther, 100) + "Subject: x\r\n\r\n"));
}

TEST(HopCount, ThreeHopsThroughThisStoreAreALoop) {
  EXPECT_FALSE(loops(repeated(kOwn, 2) + "\r\n"));
  EXPECT_TRUE(loops(repeated(kOwn, 3) + "\r\n"));
}

TEST(HopCount, CutsDoNotMatter) {
  const std::string looping = repeated(kOwn, 3) + "\r\n";
  const std::string fine = repeated(kOwn, 2) + repeated(kOther, 97) + "\r\n";
  for (std::size_t cut = 1; cut < 40; ++cut) {
    EXPECT_TRUE(loops(looping, cut)) << cut;
    EXPECT_FALSE(loops(fine, cut)) << cut;
  }
}

TEST(HopCount, TheBodyIsNotCounted) {
  EXPECT_FALSE(loops("Subject: x\r\n\r\n" + repeated(kOwn, 10) + repeated(kOther, 200)));
}

TEST(HopCount, OtherFieldsAreNoHops) {
  EXPECT_FALSE(loops(repeated("X-Received: by somebody\r\n", 200) +
                     repeated("X-Note: id 4f1c2a9b.1\r\n", 9) + "\r\n"));
}

TEST(HopCount, AnEndlessLineIsKeptShort) {
  EXPECT_FALSE(loops("Subject: " + std::string(3'000'000, 'x'), 4096));
}

}  // namespace
}  // namespace beredd::service
