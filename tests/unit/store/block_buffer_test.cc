#include "block_buffer.h"

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

namespace beredd::store {
namespace {

bool at_a_block(const BlockBuffer& buffer) {
  return reinterpret_cast<std::uintptr_t>(buffer.view().data()) % BlockBuffer::kBlock == 0;
}

TEST(BlockBuffer, HoldsWhatWasPutInAndBeginsAtABlockHoweverItGrows) {
  BlockBuffer buffer;
  std::string wanted;
  for (int n = 0; n < 200; ++n) {
    const std::string piece(static_cast<std::size_t>(n * 7), static_cast<char>('a' + n % 26));
    buffer.append(piece);
    wanted += piece;
    ASSERT_EQ(buffer.view(), wanted);
    ASSERT_TRUE(at_a_block(buffer));
  }
}

TEST(BlockBuffer, IsFilledUpWithZerosToTheEndOfItsBlock) {
  for (const std::size_t size : {1U, 4095U, 4096U, 4097U}) {
    BlockBuffer buffer;
    buffer.append(std::string(3 * BlockBuffer::kBlock, 'x'));
    buffer.clear();  // what was there before must not show
    buffer.append(std::string(size, 'y'));
    buffer.pad();
    std::string wanted(size, 'y');
    wanted.resize(BlockBuffer::up_to_block(size));
    EXPECT_EQ(buffer.view(), wanted) << size;
  }
}

TEST(BlockBuffer, OfNothingIsNothing) {
  BlockBuffer buffer;
  buffer.append("");
  buffer.pad();
  EXPECT_EQ(buffer.size(), 0);
}

TEST(BlockBuffer, IsWipedWithoutShrinking) {
  BlockBuffer buffer;
  buffer.append("secret");
  buffer.wipe();
  EXPECT_EQ(buffer.view(), std::string(6, '\0'));
}

}  // namespace
}  // namespace beredd::store
