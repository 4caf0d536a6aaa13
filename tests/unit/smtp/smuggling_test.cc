// SMTP smuggling (VU#302671 and what was published after it) and its kin: no byte of a message may
// become a command, and nothing a client says may become a line of our own.

#include "smtp_data_reference.h"
#include "smtp_server_trace.h"

#include <algorithm>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "beredd/smtp/server_session.h"
#include "beredd/smtp/trace.h"

namespace beredd::smtp {
namespace {

using namespace std::string_literals;
using testing::escaped;
using testing::Pieces;
using testing::ServerTrace;
using Lines = std::vector<std::string>;

const std::string kToRecipient = "EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n";
const std::string kSmuggled = "MAIL FROM:<e@e>\r\nRCPT TO:<f@f>\r\nDATA\r\nx\r\n";

ServerOptions options() {
  ServerOptions options;
  options.hostname = "mx.example";
  options.offer_chunking = true;
  return options;
}

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

long count_of(const Lines& lines, std::string_view start) {
  return std::count_if(lines.begin(), lines.end(),
                       [&](const std::string& line) { return line.rfind(start, 0) == 0; });
}

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

// --- commands ---------------------------------------------------------------------------------

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

// --- our own header ----------------------------------------------------------------------------

void expect_one_field(const Hop& hop, const std::string& what) {
  const std::string header = received_header(hop);
  ASSERT_EQ(header.rfind("Received: from", 0), 0u) << escaped(what);
  ASSERT_FALSE(testing::has_bare_line_end(header)) << escaped(what);
  for (auto at = header.find("\r\n"); at + 2 < header.size(); at = header.find("\r\n", at + 2)) {
    ASSERT_TRUE(header[at + 2] == '\t' || header[at + 2] == ' ') << escaped(what);
  }
  ASSERT_EQ(header.substr(header.size() - 2), "\r\n");
  ASSERT_EQ(header.find('\0'), std::string::npos) << escaped(what);
}

Hop hop() {
  Hop hop;
  hop.client_name = "client.example";
  hop.client_address = "192.0.2.7";
  hop.server_name = "mx.example";
  hop.id = "4f1c2a9b.1042";
  return hop;
}

const std::string kInjections[] = {"x\r\nBcc: all@example",
                                   "x\r\n\r\nbody",
                                   "x\rBcc: y",
                                   "x\nBcc: y",
                                   "\r\n.\r\nQUIT",
                                   "x\0\r\nBcc: y"s,
                                   "x) by bank.example (y",
                                   "x; Thu, 1 Jan 1970 00:00:00 +0000",
                                   "x\r\n\ty",
                                   std::string(76, 'x') + "\r\nBcc:y"};

TEST(Smuggling, OfAHeaderThroughAnyPartOfTheTraceFails) {
  for (const std::string& text : kInjections) {
    for (const auto member : {&Hop::client_name, &Hop::client_address, &Hop::client_host,
                              &Hop::server_name, &Hop::id, &Hop::for_mailbox}) {
      for (const bool utf8 : {false, true}) {
        Hop injected = hop();
        injected.smtputf8 = utf8;
        injected.*member = text;
        expect_one_field(injected, text);
      }
    }
  }
}

TEST(Smuggling, OfAHeaderThroughHeloFails) {
  for (const std::string& text : kInjections) {
    for (const std::string verb : {"HELO ", "EHLO "}) {
      ServerTrace trace(options());
      trace.feed(testing::in_one(verb + text + "\r\n"));
      Hop injected = hop();
      injected.client_name = trace.session().helo();
      expect_one_field(injected, text);
    }
  }
}

// Runs XCLIENT and gives what it asked for.
std::optional<AskClient> xclient(const std::string& argument) {
  ServerSession session(options());
  session.grant({.xclient = true, .etrn = false});
  session.receive("XCLIENT " + argument + "\r\n");
  for (;;) {
    ServerEvent event = session.next();
    if (auto* ask = std::get_if<AskClient>(&event)) return std::move(*ask);
    if (std::holds_alternative<NeedInput>(event) || std::holds_alternative<Close>(event)) return {};
  }
}

TEST(Smuggling, OfAHeaderThroughXclientFails) {
  constexpr char kHex[] = "0123456789ABCDEF";
  for (int byte = 0; byte < 256; ++byte) {
    const std::string xtext = "a+"s + kHex[byte >> 4] + kHex[byte & 15] + "Bcc:b";
    const auto ask = xclient("NAME=" + xtext + " HELO=" + xtext + " LOGIN=" + xtext);
    ASSERT_EQ(ask.has_value(), byte >= 0x20 && byte < 0x7F) << xtext;
    if (!ask) continue;
    const std::string text = "a"s + static_cast<char>(byte) + "Bcc:b";
    EXPECT_EQ(ask->name, text);
    EXPECT_EQ(ask->helo, text);
    Hop injected = hop();
    injected.client_name = *ask->helo;
    injected.client_host = *ask->name;
    expect_one_field(injected, text);
  }
}

}  // namespace
}  // namespace beredd::smtp
