#include "data_reader.h"

#include "cuts.h"
#include "smtp_data_reference.h"
#include "smtp_server_trace.h"

#include <optional>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace beredd::smtp {
namespace {

using testing::escaped;
using testing::Pieces;

struct Read {
  std::string before_bare;  // everything, or what stood before the first bare CR or LF
  bool bare = false;
  bool ended = false;
  std::string rest;  // of the piece in which the end was found, and all pieces behind it
};

Read read(const Pieces& pieces) {
  DataReader reader;
  Read result;
  for (std::string_view piece : pieces) {
    while (!piece.empty() && !result.ended) {
      const DataReader::Piece read = reader.read(piece);
      if (!result.bare) result.before_bare += read.bytes;
      result.bare = result.bare || read.then == DataReader::Found::bare;
      result.ended = read.then == DataReader::Found::end;
    }
    if (result.ended) result.rest += piece;
  }
  return result;
}

void expect_as_the_reference(const std::string& stream, std::uint64_t random_cuts = 6) {
  const auto expected = testing::read_data_reference(stream);
  for (const Pieces& pieces : testing::every_cut(stream, random_cuts)) {
    const Read got = read(pieces);
    ASSERT_EQ(got.ended, expected.has_value()) << escaped(stream);
    if (!expected) continue;
    ASSERT_EQ(got.bare, expected->bare) << escaped(stream);
    ASSERT_EQ(got.rest, stream.substr(expected->used)) << escaped(stream);
    if (got.bare) continue;
    ASSERT_EQ(got.before_bare, expected->message) << escaped(stream);
  }
}

TEST(DataReader, FindsTheEndAndUndoesDotStuffing) {
  struct Case {
    std::string stream, message;
  };
  const Case cases[] = {
      {".\r\n", ""},
      {"\r\n.\r\n", "\r\n"},
      {"a\r\n.\r\n", "a\r\n"},
      {"..\r\n.\r\n", ".\r\n"},
      {"...\r\n.\r\n", "..\r\n"},
      {".a\r\n.\r\n", "a\r\n"},
      {"a.\r\n.\r\n", "a.\r\n"},
      {"a\r\n..\r\n..b\r\n.\r\n", "a\r\n.\r\n.b\r\n"},
      {". \r\n.\r\n", " \r\n"},
      {"\r\n\r\n\r\n.\r\n", "\r\n\r\n\r\n"},
      {std::string("\0\xff\r\n.\r\n", 7), std::string("\0\xff\r\n", 4)},
  };
  for (const Case& c : cases) {
    const std::string stream = c.stream + "NEXT";
    for (const Pieces& pieces : testing::every_cut(stream)) {
      const Read got = read(pieces);
      EXPECT_TRUE(got.ended && !got.bare) << escaped(c.stream);
      EXPECT_EQ(got.before_bare, c.message) << escaped(c.stream);
      EXPECT_EQ(got.rest, "NEXT") << escaped(c.stream);
    }
  }
}

// Each of these has ended the data of some server (VU#302671 and what was published after it).
const char* const kFalseEnds[] = {
    "\n.\n",         "\n.\r\n",       "\r\n.\n",           "\r.\r",
    "\r.\n",         "\r.\r\n",       "\r\n.\r",           "\n.\r",
    "\n\n.\r\n",     "\n\n.\n",       "\r\n\n.\r\n",       "\r\r\n.\n",
    "\r\r.\r\n",     "\r\n\r.\r\n",   "\n\r.\r\n",         "\n\r\n.\n",
    "\r\n.\r\r\n",   "\r\n.\n\r\n",   "\n.\r\r\n",         "\r.\r\r\n",
    "\r\n.\r\r",     "\n.\n\n",       "\r\n..\n",          "\n..\r\n",
    "\r\n.\x0b\r\n", "\r\n.\x0c\r\n", "\x0b.\x0b",         "\r\n. \r\n",
    "\r\n.\t\r\n",   "\r\n .\r\n",    "\xc2\x85.\xc2\x85", "\xe2\x80\xa8.\xe2\x80\xa8",
    "\r\n.\\r\\n",   "=0D=0A.=0D=0A",
};

TEST(DataReader, IsNotDeceivedByAFalseEnd) {
  for (const char* end : kFalseEnds) {
    const std::string stream =
        std::string("a") + end + "MAIL FROM:<smuggled@example>\r\nx\r\n.\r\nNEXT";
    const auto expected = testing::read_data_reference(stream);
    ASSERT_TRUE(expected) << escaped(end);
    ASSERT_EQ(stream.substr(expected->used), "NEXT") << escaped(end);
    // Cut in two at every place.
    for (std::size_t at = 0; at <= stream.size(); ++at) {
      const std::string_view view = stream;
      const Read got = read({view.substr(0, at), view.substr(at)});
      EXPECT_TRUE(got.ended) << escaped(end);
      EXPECT_EQ(got.rest, "NEXT") << escaped(end) << " cut at " << at;
      EXPECT_EQ(got.bare, expected->bare) << escaped(end) << " cut at " << at;
    }
    expect_as_the_reference(stream);
  }
}

TEST(DataReader, DoesNotDependOnTheCutForWhatStandsBeforeABareByte) {
  const std::string stream = "one\r\n.two\r\nth\rree\nfour\r\n.\r\n";
  for (const Pieces& pieces : testing::every_cut(stream, 50)) {
    EXPECT_EQ(read(pieces).before_bare, "one\r\ntwo\r\nth\r");
  }
}

// All strings of up to eight of the four bytes that matter.
TEST(DataReader, AgreesWithTheReferenceOnEveryShortStream) {
  constexpr char kAlphabet[] = {'\r', '\n', '.', 'a'};
  for (std::size_t length = 0; length <= 8; ++length) {
    const std::size_t count = std::size_t{1} << (2 * length);
    for (std::size_t number = 0; number < count; ++number) {
      std::string stream;
      for (std::size_t i = 0; i < length; ++i) stream += kAlphabet[(number >> (2 * i)) & 3];
      expect_as_the_reference(stream, 0);
    }
  }
}

TEST(DataReader, AgreesWithTheReferenceOnRandomStreams) {
  std::mt19937_64 dice(5321);
  const std::string words[] = {"\r\n", "\r\n", "\r\n.", "\r\n.\r\n", ".",
                               "a",    "bc",   "\r",    "\n",        "\n.\n"};
  for (int round = 0; round < 3000; ++round) {
    std::string stream;
    const std::size_t length = dice() % 12;
    for (std::size_t i = 0; i < length; ++i) stream += words[dice() % std::size(words)];
    expect_as_the_reference(stream + (dice() % 2 == 0 ? "\r\n.\r\nNEXT" : ""));
  }
}

}  // namespace
}  // namespace beredd::smtp
