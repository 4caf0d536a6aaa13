#include "line_reader.h"

#include "cuts.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace beredd::smtp {
namespace {

// "line", "-" for one that was too long, "!" for a bare CR or LF.
std::vector<std::string> read(const testing::Pieces& pieces) {
  LineReader reader;
  std::vector<std::string> out;
  for (std::string_view piece : pieces) {
    for (bool going = true; going;) {
      switch (reader.read(piece)) {
        case LineReader::Found::nothing: going = false; break;
        case LineReader::Found::line: out.emplace_back(reader.text()); break;
        case LineReader::Found::too_long: out.emplace_back("-"); break;
        case LineReader::Found::bare: out.emplace_back("!"); return out;
      }
    }
  }
  return out;
}

void expect_lines(const std::string& stream, const std::vector<std::string>& lines) {
  for (const auto& pieces : testing::every_cut(stream, 20))
    EXPECT_EQ(read(pieces), lines) << stream;
}

TEST(LineReader, EndsALineAtCrlfOnly) {
  expect_lines("", {});
  expect_lines("a", {});
  expect_lines("a\r", {});
  expect_lines("a\r\n", {"a"});
  expect_lines("\r\n", {""});
  expect_lines("a\r\n\r\nbc\r\nd", {"a", "", "bc"});
}

TEST(LineReader, TellsOfABareCrOrLf) {
  expect_lines("a\nb\r\n", {"!"});
  expect_lines("a\rb\r\n", {"!"});
  expect_lines("a\r\r\n", {"!"});
  expect_lines("ok\r\n\n", {"ok", "!"});
  expect_lines("ok\r\n\rx", {"ok", "!"});
}

TEST(LineReader, SwallowsALineOverTheLimitAndReadsTheNext) {
  const std::string longest(LineReader::kMaxLine - 2, 'x');
  expect_lines(longest + "\r\nb\r\n", {longest, "b"});
  expect_lines(longest + "x\r\nb\r\n", {"-", "b"});
  expect_lines(longest + longest + longest + "\r\nb\r\n", {"-", "b"});
  expect_lines(longest + "xx\n", {"!"});
}

TEST(LineReader, KeepsNoMoreThanOneLine) {
  LineReader reader;
  const std::string megabyte(1 << 20, 'x');
  for (int i = 0; i < 8; ++i) {
    std::string_view input = megabyte;
    EXPECT_EQ(reader.read(input), LineReader::Found::nothing);
    EXPECT_TRUE(input.empty());
    EXPECT_LE(reader.text().size(), LineReader::kMaxLine);
  }
}

}  // namespace
}  // namespace beredd::smtp
