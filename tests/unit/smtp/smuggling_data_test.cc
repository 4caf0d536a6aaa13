// SMTP smuggling through the data: only CR LF . CR LF ends a message, however it comes.

#include "smtp_data_reference.h"
#include "smuggling.h"

#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace beredd::smtp::smuggling {
namespace {

using namespace std::string_literals;
using testing::escaped;
using testing::Pieces;
using testing::ServerTrace;

const std::string kSmuggled = "MAIL FROM:<e@e>\r\nRCPT TO:<f@f>\r\nDATA\r\nx\r\n";

struct FalseEnd {
  std::string before, end;
  std::optional<std::string> in_message;  // what of `end` is text; nothing: the message is refused
};

const FalseEnd kFalseEnds[] = {
    // A line end that is none.
    {"a", "\n.\n", {}},
    {"a", "\n.\r\n", {}},
    {"a", "\n.\r", {}},
    {"a", "\r.\r", {}},
    {"a", "\r.\n", {}},
    {"a", "\r.\r\n", {}},
    {"a", "\r\n.\n", {}},
    {"a", "\r\n.\r", {}},
    {"a", "\n\n.\r\n", {}},
    {"a", "\n\n.\n", {}},
    {"a", "\r\r\n.\n", {}},
    {"a", "\r\r.\r\n", {}},
    {"a", "\r\n\n.\r\n", {}},
    {"a", "\r\n\r.\r\n", {}},
    {"a", "\n\r\n.\n", {}},
    {"a", "\n\r.\r\n", {}},
    {"a", "\r\n.\r\r\n", {}},
    {"a", "\r\n.\n\r\n", {}},
    {"a", "\r\n.\r\r", {}},
    {"a", "\r\n..\n", {}},
    {"a", "\n..\r\n", {}},
    // The same where the data begin.
    {"", "\n.\r\n", {}},
    {"", "\r.\r\n", {}},
    {"", ".\n", {}},
    {"", ".\r", {}},
    {"", ".\r\r\n", {}},
    {"", ".\n\r\n", {}},
    // NUL round the dot, with good line ends and with bad ones.
    {"a", "\r\n\0.\r\n"s, "\r\n\0.\r\n"s},
    {"a", "\r\n.\0\r\n"s, "\r\n\0\r\n"s},
    {"a", "\r\n\0.\0\r\n"s, "\r\n\0.\0\r\n"s},
    {"a", "\r\0\n.\r\n"s, {}},
    {"a", "\r\n.\r\0\n"s, {}},
    {"a", "\n\0.\0\n"s, {}},
    {"", ".\0\r\n"s, "\0\r\n"s},
    // Dots that are text.
    {"a", "\r\n..\r\n", "\r\n.\r\n"},
    {"a", "\r\n...\r\n", "\r\n..\r\n"},
    {"", "..\r\n", ".\r\n"},
    {"a", ".\r\n", ".\r\n"},
    {"a", "\r\n. \r\n", "\r\n \r\n"},
    {"a", "\r\n.\t\r\n", "\r\n\t\r\n"},
    {"a", "\r\n .\r\n", "\r\n .\r\n"},
    {"a", "\r\n..\r\n..\r\n", "\r\n.\r\n.\r\n"},
    // What some other layer takes for a line end.
    {"a", "\r\n.\v\r\n", "\r\n\v\r\n"},
    {"a", "\r\n.\f\r\n", "\r\n\f\r\n"},
    {"a", "\v.\v", "\v.\v"},
    {"a", "\xC2\x85.\xC2\x85", "\xC2\x85.\xC2\x85"},
    {"a", "\xE2\x80\xA8.\xE2\x80\xA8", "\xE2\x80\xA8.\xE2\x80\xA8"},
    {"a", "\x8D\x8A.\x8D\x8A", "\x8D\x8A.\x8D\x8A"},
    {"a", "=0D=0A.=0D=0A", "=0D=0A.=0D=0A"},
    {"a", "\\r\\n.\\r\\n", "\\r\\n.\\r\\n"},
};

// One transaction was seen, it gave `message` or was refused, and commands go on behind it.
void expect_one(ServerTrace& trace, const std::optional<std::string>& message,
                const std::string& what) {
  trace.feed(testing::in_one("NOOP\r\n"));
  const Lines lines = trace.lines();
  ASSERT_EQ(lines.back(), "S: 250 2.0.0 ok") << what;
  ASSERT_EQ(count_of(lines, "E: mail"), 1) << what;
  ASSERT_EQ(count_of(lines, "E: rcpt"), 1) << what;
  ASSERT_EQ(count_of(lines, "E: accept"), message ? 1 : 0) << what;
  ASSERT_EQ(count_of(lines, "S: 550 5.6.11"), message ? 0 : 1) << what;
  ASSERT_EQ(trace.messages(), message ? Lines{*message} : Lines{}) << what;
}

void expect_in_data(const Pieces& pieces, const std::optional<std::string>& message,
                    const std::string& what) {
  ServerTrace trace(options());
  trace.feed(testing::in_one(kToRecipient));
  trace.feed(testing::in_one("DATA\r\n"));
  trace.feed(pieces);
  expect_one(trace, message, what);
}

TEST(Smuggling, OfAMessageBehindAFalseEndOfDataFailsHoweverItIsCut) {
  for (const FalseEnd& c : kFalseEnds) {
    const std::string stream = c.before + c.end + kSmuggled + ".\r\n";
    std::optional<std::string> message;
    if (c.in_message) message = c.before + *c.in_message + kSmuggled;
    const auto reference = testing::read_data_reference(stream);
    ASSERT_TRUE(reference) << escaped(c.end);
    ASSERT_EQ(reference->used, stream.size()) << escaped(c.end);
    ASSERT_EQ(reference->bare, !message) << escaped(c.end);
    if (message) {
      ASSERT_EQ(reference->message, *message) << escaped(c.end);
    }

    expect_in_data(testing::byte_by_byte(stream), message, escaped(c.end) + " byte by byte");
    const std::string_view view = stream;
    for (std::size_t first = 0; first <= view.size(); ++first) {
      for (std::size_t second = first; second <= view.size(); ++second) {
        const Pieces pieces = {view.substr(0, first), view.substr(first, second - first),
                               view.substr(second)};
        expect_in_data(
            pieces, message,
            escaped(c.end) + " cut at " + std::to_string(first) + ", " + std::to_string(second));
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST(Smuggling, OfAMessageInChunksFailsWhereverTheyEnd) {
  for (const FalseEnd& c : kFalseEnds) {
    const std::string content = c.before + c.end + kSmuggled + ".\r\n";
    std::optional<std::string> message;
    if (c.in_message) message = content;  // no dot is taken out of a chunk
    ASSERT_EQ(testing::has_bare_line_end(content), !message) << escaped(c.end);
    for (std::size_t at = 0; at <= content.size(); ++at) {
      const std::string stream =
          kToRecipient + "BDAT " + std::to_string(at) + "\r\n" + content.substr(0, at) + "BDAT " +
          std::to_string(content.size() - at) + " LAST\r\n" + content.substr(at);
      for (const Pieces& pieces : testing::every_cut(stream, 1)) {
        ServerTrace trace(options());
        trace.feed(pieces);
        expect_one(trace, message, escaped(c.end) + " chunk of " + std::to_string(at));
        if (HasFatalFailure()) return;
      }
    }
  }
}

// The one end there is: what follows it is a second message by right.
TEST(Smuggling, IsNotWhatFollowsTheTrueEnd) {
  for (const std::string first : {"", "a\r\n", "a\r\n..\r\n"}) {
    const std::string stream = first + ".\r\n" + kSmuggled + ".\r\n";
    for (const Pieces& pieces : testing::every_cut(stream)) {
      ServerTrace trace(options());
      trace.feed(testing::in_one(kToRecipient + "DATA\r\n"));
      trace.feed(pieces);
      const std::string message = first.size() > 3 ? "a\r\n.\r\n" : first;
      EXPECT_EQ(trace.messages(), (Lines{message, "x\r\n"})) << escaped(stream);
    }
  }
}

}  // namespace
}  // namespace beredd::smtp::smuggling
