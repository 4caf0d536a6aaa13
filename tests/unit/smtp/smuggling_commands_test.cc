// Smuggling of commands: behind STARTTLS, behind a refused DATA, in odd bytes and overlong lines,
// and through what an address or a parameter holds.

#include "smuggling.h"

#include <string>

#include <gtest/gtest.h>

namespace beredd::smtp::smuggling {
namespace {

using namespace std::string_literals;
using testing::escaped;
using testing::Pieces;
using testing::ServerTrace;

// RFC 3207 §4.2: an attacker on the path can put plain text in front of the handshake.
TEST(Smuggling, OfCommandsBehindStartTlsFails) {
  ServerOptions tls = options();
  tls.offer_starttls = true;
  for (const std::string injected : {"MAIL FROM:<e@e>\r\n", "MAIL FROM:<e@e>", "RSET\r\nMAIL FR"}) {
    const std::string stream = "EHLO x\r\nSTARTTLS\r\n" + injected;
    for (const Pieces& pieces : testing::every_cut(stream)) {
      ServerTrace trace(tls);
      trace.feed(pieces);
      EXPECT_EQ(trace.lines().back(), "E: tls");
      trace.start_tls();
      trace.feed(testing::in_one("\r\nMAIL FROM:<a@b>\r\nNOOP\r\n"));
      EXPECT_EQ(count_of(trace.lines(), "E: mail"), 0) << injected;
      EXPECT_EQ(trace.session().helo(), "");
      EXPECT_EQ(trace.lines()[trace.lines().size() - 3], "S: 500 5.5.2 empty command");
      EXPECT_EQ(trace.lines().back(), "S: 250 2.0.0 ok");
    }
  }
}

// A client that sends its body without waiting for 354 has sent commands; none of them can use the
// transaction that was refused.
TEST(Smuggling, OfRecipientsInABodyBehindARefusedDataFails) {
  const std::string stream =
      kToRecipient + "DATA\r\n" + "RCPT TO:<f@f>\r\nDATA\r\nBDAT 3 LAST\r\nx\r\n.\r\nNOOP\r\n";
  for (const Pieces& pieces : testing::every_cut(stream)) {
    ServerTrace trace(options(), {reply(250, "", ""), reply(250, "", ""), reply(451, "", "")});
    trace.feed(pieces);
    EXPECT_EQ(count_of(trace.lines(), "E: rcpt"), 1);
    EXPECT_EQ(count_of(trace.lines(), "E: data"), 1);
    EXPECT_EQ(count_of(trace.lines(), "S: 503"), 3);
    EXPECT_TRUE(trace.messages().empty());
    EXPECT_EQ(trace.lines().back(), "S: 250 2.0.0 ok");
  }
}

TEST(Smuggling, OfControlsAndEightBitBytesInCommandsFails) {
  for (const bool utf8 : {false, true}) {
    ServerOptions some = options();
    some.offer_smtputf8 = some.offer_dsn = utf8;
    for (const std::string line :
         {"MAIL FROM:<a@b>", "MAIL FROM:<\"a b\"@b> SIZE=1", "VRFY anna"}) {
      for (std::size_t at = 0; at <= line.size(); ++at) {
        for (const char bad : {'\0', '\x01', '\x1B', '\x7F', '\x80', '\xFF'}) {
          ServerTrace trace(some);
          const std::string broken = line.substr(0, at) + bad + line.substr(at);
          trace.feed(testing::in_one("EHLO x\r\n"));
          trace.feed(testing::in_one(broken + "\r\n"));
          EXPECT_EQ(count_of(trace.lines(), "E: "), 0) << escaped(broken);
          if (line[0] == 'M') {
            EXPECT_EQ(trace.lines().back().substr(0, 4), "S: 5") << escaped(broken);
          }
          trace.feed(testing::in_one("NOOP\r\n"));
          EXPECT_EQ(trace.lines().back(), "S: 250 2.0.0 ok") << escaped(broken);
        }
      }
    }
  }
}

TEST(Smuggling, OfACommandAtTheEndOfAnOverlongLineFails) {
  for (const std::size_t length : {2046u, 2047u, 2048u, 4096u, 65536u}) {
    const std::string line = "NOOP " + std::string(length - 20, 'x') + "MAIL FROM:<e@e>";
    ASSERT_EQ(line.size(), length);
    const std::string stream = line + "\r\nNOOP\r\n";
    for (const Pieces& pieces : testing::every_cut(stream, 2)) {
      ServerTrace trace(options());
      trace.feed(testing::in_one("EHLO x\r\n"));
      trace.feed(pieces);
      const auto lines = trace.lines();
      EXPECT_EQ(count_of(lines, "E: "), 0);
      EXPECT_EQ(lines[lines.size() - 2],
                length > 2046 ? "S: 500 5.5.2 line too long" : "S: 250 2.0.0 ok");
      EXPECT_EQ(lines.back(), "S: 250 2.0.0 ok");
    }
  }
}

TEST(Smuggling, OfALineEndInAnAddressOrAParameterEndsTheSession) {
  ServerOptions all = options();
  all.offer_smtputf8 = all.offer_dsn = all.offer_checkpoint = true;
  for (const std::string end : {"\r", "\n", "\\\r", "\\\n", "\n\r", "\r\0\n"}) {
    for (const auto& [front, back] : std::initializer_list<std::pair<const char*, const char*>>{
             {"MAIL FROM:<a", "@b>"},
             {"MAIL FROM:<\"a", "b\"@b>"},
             {"MAIL FROM:<a@b> ENVID=x", "y"},
             {"MAIL FROM:<a@b> TRANSID=<x", "@y>"},
             {"MAIL FROM:<a@b>\r\nRCPT TO:<\"c", "\"@d>"},
             {"MAIL FROM:<a@b>\r\nRCPT TO:<@r", ":c@d>"},
             {"MAIL FROM:<a@b>\r\nRCPT TO:<c@d> ORCPT=rfc822;x", "y"},
             {"HELO x", "y"},
             {"EHLO x", "y"}}) {
      const std::string stream = "EHLO x\r\n"s + front + end + back + "\r\nMAIL FROM:<e@e>\r\n";
      for (const Pieces& pieces : testing::every_cut(stream, 2)) {
        ServerTrace trace(all);
        trace.feed(pieces);
        EXPECT_TRUE(trace.closed()) << escaped(stream);
        EXPECT_EQ(count_of(trace.lines(), "E: rcpt"), 0) << escaped(stream);
        EXPECT_EQ(count_of(trace.lines(), "E: mail e@e"), 0) << escaped(stream);
        EXPECT_EQ(trace.lines()[trace.lines().size() - 2].substr(0, 12), "S: 500 5.5.2");
      }
    }
  }
}

// Envelope parameters stay in xtext: decoded, they would break the line that passes them on.
TEST(Smuggling, OfALineEndInXtextLeavesItAsItIsWritten) {
  ServerOptions dsn = options();
  dsn.offer_dsn = true;
  ServerTrace trace(dsn);
  trace.feed(
      testing::in_one("EHLO x\r\nMAIL FROM:<a@b> ENVID=i+0D+0AQUIT\r\n"
                      "RCPT TO:<c@d> ORCPT=rfc822;c+0D+0A@d\r\n"));
  EXPECT_EQ(count_of(trace.lines(), "E: mail a@b envid=i+0D+0AQUIT"), 1);
  EXPECT_EQ(count_of(trace.lines(), "E: rcpt c@d orcpt=rfc822;c+0D+0A@d"), 1);
}

}  // namespace
}  // namespace beredd::smtp::smuggling
