#include "dot_stuffing.h"

#include "cuts.h"
#include "smtp_data_reference.h"
#include "smtp_server_trace.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace beredd::smtp {
namespace {

std::string stuffed(const testing::Pieces& pieces) {
  DotStuffer stuffer;
  std::string out;
  for (const auto piece : pieces) out += stuffer.piece(piece);
  return out + stuffer.end();
}

TEST(DotStuffer, WritesTheSameWhereverAPieceEnds) {
  struct Case {
    std::string message, wire;
  };
  const Case cases[] = {
      {"", ".\r\n"},
      {"a", "a\r\n.\r\n"},
      {"a\r\n", "a\r\n.\r\n"},
      {".", "..\r\n.\r\n"},
      {".\r\n", "..\r\n.\r\n"},
      {"..\r\n", "...\r\n.\r\n"},
      {"a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n.\r\n"},
      {"a.b\r\n", "a.b\r\n.\r\n"},
      {"\r\n", "\r\n.\r\n"},
      {"a\r\n\r\n.b", "a\r\n\r\n..b\r\n.\r\n"},
  };
  for (const Case& c : cases) {
    for (const auto& pieces : testing::every_cut(c.message, 20)) {
      EXPECT_EQ(testing::escaped(stuffed(pieces)), testing::escaped(c.wire));
    }
  }
}

// Who takes "\n.\n" for the end of data must not find one in what we send (VU#302671).
TEST(DotStuffer, LetsNoBareCrOrLfOut) {
  struct Case {
    std::string message, wire;
  };
  const Case cases[] = {
      {"a\n.\nb\n", "a\r\n..\r\nb\r\n.\r\n"},
      {"a\r.\rb\r", "a\r\n..\r\nb\r\n.\r\n"},
      {"a\r\r\nb", "a\r\n\r\nb\r\n.\r\n"},
      {"a\n\r\nb", "a\r\n\r\nb\r\n.\r\n"},
      {"a\r", "a\r\n.\r\n"},
      {"\n", "\r\n.\r\n"},
  };
  for (const Case& c : cases) {
    for (const auto& pieces : testing::every_cut(c.message, 20)) {
      EXPECT_EQ(testing::escaped(stuffed(pieces)), testing::escaped(c.wire));
    }
  }
}

TEST(DotStuffer, ArrivesByteForByte) {
  std::mt19937_64 dice(17);
  const std::string words[] = {"\r\n", "\r\n.", ".", "..", "text", "\r\n\r\n"};
  for (int round = 0; round < 2000; ++round) {
    std::string message;
    const std::size_t length = dice() % 10;
    for (std::size_t i = 0; i < length; ++i) message += words[dice() % std::size(words)];
    message += "\r\n";
    const std::string wire = stuffed(testing::at_random(message, dice()));
    const auto data = testing::read_data_reference(wire);
    ASSERT_TRUE(data) << testing::escaped(message);
    EXPECT_EQ(data->used, wire.size());
    EXPECT_EQ(testing::escaped(data->message), testing::escaped(message));
  }
}

}  // namespace
}  // namespace beredd::smtp
