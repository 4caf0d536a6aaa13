#include "beredd/smtp/reply.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace beredd::smtp {
namespace {

TEST(Reply, KnowsItsClass) {
  EXPECT_TRUE(reply(250, "", "").positive());
  EXPECT_TRUE(reply(354, "", "").intermediate());
  EXPECT_TRUE(reply(451, "", "").transient());
  EXPECT_TRUE(reply(550, "", "").permanent());
  EXPECT_FALSE(reply(451, "", "").positive() || reply(451, "", "").permanent());
}

TEST(Reply, IsWrittenWithAHyphenOnAllLinesButTheLast) {
  EXPECT_EQ(wire(reply(250, "2.1.0", "ok")), "250 2.1.0 ok\r\n");
  EXPECT_EQ(wire(reply(354, "", "go on")), "354 go on\r\n");
  EXPECT_EQ(wire(reply(250, "", "")), "250 \r\n");
  EXPECT_EQ(wire(Reply{250, "", {"mx", "SIZE 5", "HELP"}}), "250-mx\r\n250-SIZE 5\r\n250 HELP\r\n");
  EXPECT_EQ(wire(Reply{550, "5.7.1", {"a", "b"}}), "550-5.7.1 a\r\n550 5.7.1 b\r\n");
  EXPECT_EQ(wire(Reply{250, "", {}}), "250 \r\n");
}

TEST(Reply, LetsNoTextEndALineOrLeaveAscii) {
  EXPECT_EQ(wire(reply(550, "5.1.1", "a\r\n250 b\t\x7f\xc3\xa4")), "550 5.1.1 a??250 b????\r\n");
  EXPECT_EQ(one_line(reply(550, "5.1.1", "a\r\nb")), "550 5.1.1 a??b");
}

TEST(Reply, CutsALineAt512Octets) {
  const std::string text = wire(reply(250, "2.0.0", std::string(2000, 'x')));
  EXPECT_EQ(text.size(), 512u);
  EXPECT_EQ(text.substr(510), "\r\n");
}

TEST(Reply, IsOneLineForAReceipt) {
  EXPECT_EQ(one_line(Reply{550, "5.7.1", {"not here", "", "go away"}}),
            "550 5.7.1 not here go away");
  EXPECT_EQ(one_line(reply(250, "", "")), "250");
}

base::Result<std::optional<Reply>> read(std::vector<std::string> lines) {
  ReplyReader reader;
  base::Result<std::optional<Reply>> last{std::optional<Reply>{}};
  for (const std::string& line : lines) {
    last = reader.line(line);
    if (!last.ok()) return last;
  }
  return last;
}

TEST(ReplyReader, ReadsCodeEnhancedCodeAndText) {
  struct Case {
    std::string line;
    int code;
    std::string enhanced, text;
  };
  const Case cases[] = {
      {"250 2.1.0 ok", 250, "2.1.0", "ok"},
      {"250 ok", 250, "", "ok"},
      {"250", 250, "", ""},
      {"250 ", 250, "", ""},
      {"250 2.0.0", 250, "2.0.0", ""},
      {"550 5.7.123 no  way", 550, "5.7.123", "no  way"},
      {"451 4.7.1", 451, "4.7.1", ""},
      {"550 4.7.1 another class", 550, "", "4.7.1 another class"},
      {"250 2.1.0ok", 250, "", "2.1.0ok"},
      {"250 2.1 ok", 250, "", "2.1 ok"},
      {"250 2.1.", 250, "", "2.1."},
      {"250 2..1 ok", 250, "", "2..1 ok"},
      {"250 2.1234.0 ok", 250, "", "2.1234.0 ok"},
      {"250 2.0.0.1 host", 250, "", "2.0.0.1 host"},
      {"355 6135 is the transaction offset", 355, "", "6135 is the transaction offset"},
  };
  for (const Case& c : cases) {
    const auto got = read({c.line});
    ASSERT_TRUE(got.ok() && *got) << c.line;
    EXPECT_EQ((*got)->code, c.code) << c.line;
    EXPECT_EQ((*got)->enhanced, c.enhanced) << c.line;
    EXPECT_EQ((*got)->lines, std::vector<std::string>{c.text}) << c.line;
  }
}

TEST(ReplyReader, GathersLinesUntilTheLast) {
  ReplyReader reader;
  auto first = reader.line("250-2.0.0 one");
  ASSERT_TRUE(first.ok());
  EXPECT_FALSE(first->has_value());
  auto last = reader.line("250 2.0.0 two");
  ASSERT_TRUE(last.ok() && *last);
  EXPECT_EQ((*last)->lines, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ((*last)->enhanced, "2.0.0");

  auto next = reader.line("354 go");
  ASSERT_TRUE(next.ok() && *next);
  EXPECT_EQ((*next)->lines.size(), 1u);
  EXPECT_EQ((*next)->enhanced, "");
}

TEST(ReplyReader, RefusesWhatIsNoReplyAndStaysUnusable) {
  const std::vector<std::string> cases[] = {
      {""},
      {"25"},
      {"hello"},
      {"25x ok"},
      {"250_ok"},
      {"250ok"},
      {"100 ok"},
      {"600 ok"},
      {"000 ok"},
      {" 250 ok"},
      {"250-a", "251 b"},
      {"250-a", "550 b"},
      {"250-a", "b"},
      {std::string(2049, '2')},
      {"250 " + std::string(2045, 'x')},
  };
  for (const auto& lines : cases) {
    const auto got = read(lines);
    ASSERT_FALSE(got.ok()) << lines.back();
    EXPECT_EQ(got.error().code, base::Code::invalid);
    EXPECT_EQ(got.error().fault, base::Fault::permanent);
  }
  ReplyReader reader;
  EXPECT_FALSE(reader.line("hello").ok());
  EXPECT_FALSE(reader.line("250 ok").ok());
}

TEST(ReplyReader, HoldsItsLimits) {
  EXPECT_TRUE(read({"250 " + std::string(2044, 'x')}).ok());
  std::vector<std::string> lines(127, "250-x");
  lines.emplace_back("250 last");
  EXPECT_TRUE(read(lines).ok());
  lines.insert(lines.begin(), "250-x");
  EXPECT_FALSE(read(lines).ok());
}

TEST(Reply, ReadsBackWhatItWrote) {
  const Reply written{550, "5.7.1", {"one", "two", ""}};
  std::string text = wire(written);
  ReplyReader reader;
  std::optional<Reply> got;
  for (auto end = text.find("\r\n"); end != text.npos; end = text.find("\r\n")) {
    auto line = reader.line(text.substr(0, end));
    ASSERT_TRUE(line.ok());
    got = *line;
    text.erase(0, end + 2);
  }
  ASSERT_TRUE(got);
  EXPECT_EQ(got->lines, written.lines);
  EXPECT_EQ(got->enhanced, written.enhanced);
}

// --- failures of ours
// -----------------------------------------------------------------------------

TEST(ReplyForAFailure, HasTheClassOfItsFaultAndNeverItsDetail) {
  using base::Code;
  for (int i = 0; i <= static_cast<int>(Code::internal); ++i) {
    const auto code = static_cast<Code>(i);
    const Reply later = reply_for(base::transient(code, "secret path /var/lib"));
    const Reply never = reply_for(base::permanent(code, "secret path /var/lib"));
    EXPECT_TRUE(later.transient()) << base::name(code);
    EXPECT_TRUE(never.permanent()) << base::name(code);
    EXPECT_EQ(later.enhanced.substr(0, 2), "4.");
    EXPECT_EQ(never.enhanced.substr(0, 2), "5.");
    EXPECT_EQ(wire(later).find("secret"), std::string::npos);
    EXPECT_EQ(wire(never).find("secret"), std::string::npos);
  }
}

TEST(ReplyForAFailure, NamesTheCommonOnes) {
  EXPECT_EQ(reply_for(base::transient(base::Code::store_full, "")).code, 452);
  EXPECT_EQ(reply_for(base::transient(base::Code::store_full, "")).enhanced, "4.3.1");
  EXPECT_EQ(reply_for(base::transient(base::Code::io, "")).code, 451);
  EXPECT_EQ(reply_for(base::transient(base::Code::cancelled, "")).code, 421);
  EXPECT_EQ(reply_for(base::permanent(base::Code::too_large, "")).code, 552);
  EXPECT_EQ(reply_for(base::permanent(base::Code::refused, "")).code, 550);
}

// A bug of ours is no reason to send a customer's mail back.
TEST(ReplyForAFailure, AsksToComeBackAfterABug) {
  EXPECT_EQ(reply_for(base::bug("broken")).code, 451);
}

}  // namespace
}  // namespace beredd::smtp
