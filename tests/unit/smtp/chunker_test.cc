#include "chunker.h"

#include "cuts.h"
#include "smtp_server_trace.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::smtp {
namespace {

using testing::escaped;

// The chunks of a message, escaped, each as soon as it is there.
std::vector<std::string> chunked(std::size_t size, const testing::Pieces& pieces) {
  Chunker chunker(size);
  std::vector<std::string> chunks;
  const auto take = [&] {
    while (auto chunk = chunker.next()) chunks.push_back(escaped(chunk->wire));
  };
  for (const auto piece : pieces) {
    chunker.piece(piece);
    take();
  }
  chunker.end();
  take();
  return chunks;
}

struct Case {
  std::string message;
  std::vector<std::string> chunks;
};

void expect(std::size_t size, const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    for (const auto& pieces : testing::every_cut(c.message, 20))
      EXPECT_EQ(chunked(size, pieces), c.chunks) << escaped(c.message);
  }
}

TEST(Chunker, CutsTheSameWhereverAPieceEnds) {
  expect(4, {{"", {R"(BDAT 0 LAST\r\n)"}},
             {"a", {R"(BDAT 1 LAST\r\na)"}},
             {"abcd", {R"(BDAT 4 LAST\r\nabcd)"}},
             {"abcde", {R"(BDAT 4\r\nabcd)", R"(BDAT 1 LAST\r\ne)"}},
             {"abcdefgh", {R"(BDAT 4\r\nabcd)", R"(BDAT 4 LAST\r\nefgh)"}},
             {"abc\r\n", {R"(BDAT 4\r\nabc\r)", R"(BDAT 1 LAST\r\n\n)"}}});
}

TEST(Chunker, LeavesDotsAndTheEndAlone) {
  expect(100, {{".\r\n..\r\n.", {R"(BDAT 8 LAST\r\n.\r\n..\r\n.)"}},
               {"x\r\n.\r\n", {R"(BDAT 6 LAST\r\nx\r\n.\r\n)"}},
               {"no end", {R"(BDAT 6 LAST\r\nno end)"}}});
}

// Without BINARYMIME a message consists of lines; who passes it on by DATA would make them of it.
TEST(Chunker, LetsNoBareCrOrLfOut) {
  expect(100, {{"a\nb", {R"(BDAT 4 LAST\r\na\r\nb)"}},
               {"a\rb", {R"(BDAT 4 LAST\r\na\r\nb)"}},
               {"a\r\r\nb", {R"(BDAT 6 LAST\r\na\r\n\r\nb)"}},
               {"a\n\r\nb", {R"(BDAT 6 LAST\r\na\r\n\r\nb)"}},
               {"a\n.\nb", {R"(BDAT 7 LAST\r\na\r\n.\r\nb)"}},
               {"a\r", {R"(BDAT 3 LAST\r\na\r\n)"}},
               {"\n", {R"(BDAT 2 LAST\r\n\r\n)"}},
               {"\r\r", {R"(BDAT 4 LAST\r\n\r\n\r\n)"}}});
}

TEST(Chunker, KeepsNulAndEveryOtherOctet) {
  std::string every;
  for (int c = 0; c < 256; ++c) {
    if (c != '\r' && c != '\n') every += static_cast<char>(c);
  }
  Chunker chunker(1000);
  chunker.piece(every);
  chunker.end();
  EXPECT_EQ(chunker.next()->wire, "BDAT 254 LAST\r\n" + every);
}

TEST(Chunker, GivesNoChunkBeforeItIsKnownWhetherItIsTheLast) {
  Chunker chunker(4);
  EXPECT_FALSE(chunker.next());
  chunker.piece("abcd");
  EXPECT_FALSE(chunker.next()) << "this may have been all";
  chunker.piece("\r");
  EXPECT_FALSE(chunker.next()) << "what a CR is shows behind it";
  chunker.piece("\n");
  EXPECT_EQ(chunker.next()->wire, "BDAT 4\r\nabcd");
  EXPECT_FALSE(chunker.next());
  chunker.end();
  const auto last = chunker.next();
  ASSERT_TRUE(last);
  EXPECT_TRUE(last->last);
  EXPECT_FALSE(chunker.next()) << "nothing behind the last one";
}

TEST(Chunker, HasRoomUntilAChunkIsDue) {
  Chunker chunker(4);
  EXPECT_TRUE(chunker.has_room());
  chunker.piece("abcd");
  EXPECT_TRUE(chunker.has_room());
  chunker.piece("efghi");
  EXPECT_FALSE(chunker.has_room());
  EXPECT_TRUE(chunker.next());
  EXPECT_FALSE(chunker.has_room()) << "5 octets are one too many for a last chunk";
  EXPECT_TRUE(chunker.next());
  EXPECT_TRUE(chunker.has_room());
  chunker.end();
  EXPECT_FALSE(chunker.has_room());
}

}  // namespace
}  // namespace beredd::smtp
