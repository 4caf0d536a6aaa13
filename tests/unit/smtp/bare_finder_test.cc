#include "bare_finder.h"

#include "cuts.h"
#include "smtp_data_reference.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace beredd::smtp {
namespace {

// How much of a message goes by before a bare CR or LF shows; all of it when none does.
std::size_t good_part(const testing::Pieces& pieces, bool& bare) {
  BareFinder finder;
  std::size_t good = 0;
  for (const std::string_view piece : pieces) {
    const std::size_t passed = finder.pass(piece);
    good += passed;
    bare = passed < piece.size();
    if (bare) return good;
  }
  bare = finder.ends_bare();
  return good;
}

TEST(BareFinder, FindsWhatStandsAlone) {
  struct Case {
    std::string_view message;
    std::size_t good;
    bool bare;
  };
  for (const Case& c : {
           Case{"", 0, false},
           {"text", 4, false},
           {"text\r\n", 6, false},
           {"\r\n\r\n", 4, false},
           {"\n", 0, true},
           {"a\nb", 1, true},
           {"a\rb", 2, true},
           {"\r\r\n", 1, true},
           {"\r\n\n", 2, true},
           {"end\r", 4, true},
       }) {
    bool bare = false;
    EXPECT_EQ(good_part(testing::in_one(c.message), bare), c.good);
    EXPECT_EQ(bare, c.bare);
  }
}

TEST(BareFinder, FindsTheSameHoweverTheMessageIsCutAndWhatTheReferenceFinds) {
  std::mt19937_64 dice(3030);
  const std::string words[] = {"\r\n", "\r", "\n", "text", "x", "\r\n.\r\n", std::string(1, '\0')};
  for (int round = 0; round < 2000; ++round) {
    std::string message;
    for (auto i = dice() % 8; i > 0; --i) message += words[dice() % std::size(words)];
    bool bare = false;
    const std::size_t good = good_part(testing::in_one(message), bare);
    EXPECT_EQ(bare, testing::has_bare_line_end(message));
    for (const auto& pieces : testing::every_cut(message, 2)) {
      bool again = false;
      EXPECT_EQ(good_part(pieces, again), good);
      EXPECT_EQ(again, bare);
    }
  }
}

}  // namespace
}  // namespace beredd::smtp
