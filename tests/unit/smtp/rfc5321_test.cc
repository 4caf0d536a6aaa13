// RFC 5321 by section: what a client may say, and what it is answered.

#include "line_reader.h"
#include "smtp_server_trace.h"

#include <string>

#include <gtest/gtest.h>

#include "beredd/smtp/reply.h"
#include "beredd/smtp/server_session.h"

namespace beredd::smtp {
namespace {

using testing::ServerTrace;

ServerOptions options() {
  ServerOptions options;
  options.hostname = "mx.example";
  options.offer_starttls = options.offer_smtputf8 = options.offer_dsn = true;
  options.offer_chunking = options.offer_checkpoint = true;
  return options;
}

std::string of(std::size_t length) { return std::string(length, 'x'); }

// A domain of labels of 63 octets and less, `length` octets in all.
std::string domain_of(std::size_t length) {
  std::string domain;
  while (length > 64) {
    domain += of(63) + ".";
    length -= 64;
  }
  return domain + of(length);
}

struct Case {
  std::string section;
  std::string before;  // commands whose answers do not matter
  std::string line;
  std::string last;        // how the last event line begins
  std::string event = {};  // an event line there must be; "-": there is none of the line
};

const std::string kHello = "EHLO x\r\n";
const std::string kMail = kHello + "MAIL FROM:<a@b>\r\n";
const std::string kRcpt = kMail + "RCPT TO:<c@d>\r\n";

void expect(const Case& c) {
  ServerTrace trace(options());
  trace.feed(testing::in_one(c.before));
  const std::size_t before = trace.lines().size();
  trace.feed(testing::in_one(c.line + "\r\n"));
  const auto lines = trace.lines();
  ASSERT_GT(lines.size(), before) << c.section << " " << c.line;
  EXPECT_EQ(lines.back().rfind(c.last, 0), 0u)
      << c.section << " " << c.line << ": " << lines.back();
  if (c.event.empty()) return;
  EXPECT_EQ(lines[before], c.event == "-" ? lines.back() : c.event) << c.section << " " << c.line;
}

TEST(Rfc5321, Commands) {
  for (const Case& c : {
           // Verbs and blanks.
           Case{"2.4", "", "eHlO x", "S: 250 STARTTLS"},
           {"2.4", kHello, "mail from:<A@B>", "S: 250", "E: mail A@b"},
           {"2.4", kMail, "rCpT tO:<LoCal@ExAmple>", "S: 250", "E: rcpt LoCal@example"},
           {"4.1.1", kHello, "NOOP   ", "S: 250"},
           {"4.1.1", kHello, "NOOP\t", "S: 250"},
           {"4.1.1", kHello, "MAIL FROM:<a@b>  \t", "S: 250", "E: mail a@b"},
           {"4.1.1", kRcpt, "DATA ", "S: 354", "E: data"},
           {"4.1.1", kHello, "QUIT ", "E: close"},
           {"4.2.4", kHello, "FROB", "S: 500 5.5.1"},
           {"4.3.2", kHello, "", "S: 500 5.5.2"},
           // Session and buffers.
           {"4.1.1.1", "", "EHLO", "S: 501"},
           {"4.1.1.1", "", "HELO", "S: 501"},
           {"4.1.1.1", "", "HELO x", "S: 250 mx.example"},
           {"4.1.1.1", "", "EHLO [192.0.2.1]", "S: 250 STARTTLS"},
           {"4.1.1.1", "", "EHLO [IPv6:2001:db8::1]", "S: 250 STARTTLS"},
           {"4.1.4", "", "MAIL FROM:<a@b>", "S: 503", "-"},
           {"4.1.4", "", "RCPT TO:<a@b>", "S: 503", "-"},
           {"4.1.4", "", "DATA", "S: 503", "-"},
           {"4.1.4", "", "NOOP", "S: 250"},
           {"4.1.4", "", "HELP", "S: 214"},
           {"4.1.4", "", "VRFY x", "S: 252"},
           {"4.1.4", "", "RSET", "S: 250"},
           {"4.1.4", "", "QUIT", "E: close"},
           {"4.1.4", kRcpt + "HELO y\r\n", "DATA", "S: 503", "-"},
           {"4.1.4", kRcpt + "EHLO y\r\n", "RCPT TO:<c@d>", "S: 503", "-"},
           {"4.1.4", kRcpt + "EHLO y\r\n", "MAIL FROM:<e@f>", "S: 250", "E: mail e@f"},
           {"4.1.4", kHello, "RCPT TO:<c@d>", "S: 503", "-"},
           {"4.1.4", kMail, "MAIL FROM:<e@f>", "S: 503", "-"},
           {"4.1.4", kMail + "MAIL FROM:<e@f>\r\n", "RCPT TO:<c@d>", "S: 250", "E: rcpt c@d"},
           {"3.3", kMail, "DATA", "S: 503", "-"},
           {"3.3", kHello, "DATA", "S: 503", "-"},
           {"4.1.1.4", kRcpt, "DATA now", "S: 501", "-"},
           {"4.1.1.5", kRcpt, "RSET", "S: 250"},
           {"4.1.1.5", kRcpt, "RSET x", "S: 501"},
           {"4.1.1.5", kRcpt + "RSET\r\n", "RCPT TO:<c@d>", "S: 503", "-"},
           {"4.1.1.5", kRcpt + "RSET\r\n", "MAIL FROM:<e@f>", "S: 250", "E: mail e@f"},
           {"4.1.1.5", kRcpt + "RSET x\r\n", "DATA", "S: 354", "E: data"},
           {"4.1.1.6", kHello, "VRFY anna", "S: 252"},
           {"4.1.1.6", kHello, "VRFY \"a b\" <a@b>", "S: 252"},
           {"4.1.1.6", kHello, "VRFY", "S: 501"},
           {"4.1.1.7", kHello, "EXPN staff", "S: 502"},
           {"4.1.1.8", kHello, "HELP", "S: 214"},
           {"4.1.1.8", kHello, "HELP MAIL FROM", "S: 214"},
           {"4.1.1.9", kHello, "NOOP", "S: 250"},
           {"4.1.1.9", kHello, "NOOP some string", "S: 250"},
           {"4.1.1.9", kRcpt + "NOOP x\r\nHELP\r\nVRFY x\r\n", "DATA", "S: 354", "E: data"},
           {"4.1.1.10", kHello, "QUIT now", "S: 501"},
       }) {
    expect(c);
  }
}

TEST(Rfc5321, Paths) {
  const auto mail = [](std::string section, const std::string& path, std::string last,
                       std::string event) {
    return Case{section, kHello, "MAIL FROM:" + path, std::move(last), std::move(event)};
  };
  const auto rcpt = [](std::string section, const std::string& path, std::string last,
                       std::string event) {
    return Case{std::move(section), kMail, "RCPT TO:" + path, std::move(last), std::move(event)};
  };
  const std::string at_limit = of(64) + "@" + domain_of(254 - 65);  // 254 and two brackets: 256
  for (const Case& c : {
           mail("4.5.5", "<>", "S: 250", "E: mail <>"),
           mail("4.5.5", "<> SIZE=1", "S: 250", "E: mail <> size=1"),
           rcpt("4.5.5", "<>", "S: 501", "-"),
           rcpt("4.5.1", "<postmaster>", "S: 250", "E: rcpt postmaster"),
           rcpt("4.5.1", "<PostMaster>", "S: 250", "E: rcpt PostMaster"),
           rcpt("4.5.1", "<postmaster@d>", "S: 250", "E: rcpt postmaster@d"),
           rcpt("4.1.1.3", "<anyone>", "S: 501", "-"),
           mail("C", "<@r.example:a@b>", "S: 250", "E: mail a@b"),
           rcpt("C", "<@r.example,@s.example:c@d>", "S: 250", "E: rcpt c@d"),
           rcpt("C", "<@r.example,s.example:c@d>", "S: 501", "-"),
           mail("4.1.3", "<a@[192.0.2.1]>", "S: 250", "E: mail a@[192.0.2.1]"),
           rcpt("4.1.3", "<c@[192.0.2.1]>", "S: 250", "E: rcpt c@[192.0.2.1]"),
           rcpt("4.1.3", "<c@[IPv6:2001:db8::1]>", "S: 250", "E: rcpt c@[ipv6:2001:db8::1]"),
           rcpt("4.1.3", "<c@[192.0.2.1>", "S: 501", "-"),
           rcpt("4.1.3", "<c@[192.0.2.1]x>", "S: 501", "-"),
           rcpt("4.1.3", "<c@[]>", "S: 501", "-"),
           mail("4.1.2", "<\"a b\"@c>", "S: 250", "E: mail \"a b\"@c"),
           mail("4.1.2", "<\"a>b\"@c>", "S: 250", "E: mail \"a>b\"@c"),
           rcpt("4.1.2", "<\"a@b\"@c>", "S: 250", "E: rcpt \"a@b\"@c"),
           rcpt("4.1.2", "<a..b@c>", "S: 501", "-"),
           rcpt("4.1.2", "<.a@c>", "S: 501", "-"),
           rcpt("4.1.2", "<a@c..d>", "S: 501", "-"),
           rcpt("4.1.2", "<a@-c>", "S: 501", "-"),
           rcpt("4.1.2", "<a b@c>", "S: 501", "-"),
           rcpt("4.1.2", "<a@b@c>", "S: 501", "-"),
           mail("4.1.1.11", "<a@b> FROB=1", "S: 555", "-"),
           rcpt("4.1.1.11", "<c@d> FROB", "S: 555", "-"),
           mail("4.1.1.11", "<a@b> SIZE=", "S: 501", "-"),
           mail("4.5.3.1.1", "<" + of(64) + "@b>", "S: 250", "E: mail " + of(64) + "@b"),
           mail("4.5.3.1.3", "<" + at_limit + ">", "S: 250", "E: mail " + at_limit),
           rcpt("4.5.3.1.3", "<" + at_limit + ">", "S: 250", "E: rcpt " + at_limit),
           mail("4.5.3.1.3", "<" + at_limit + "x>", "S: 501", "-"),
           rcpt("4.5.3.1.3", "<" + at_limit + "x>", "S: 501", "-"),
           rcpt("4.5.3.1.2", "<c@" + domain_of(256) + ">", "S: 501", "-"),
           rcpt("4.5.3.1.2", "<c@" + of(64) + ">", "S: 501", "-"),
       }) {
    expect(c);
  }
}

// Commands of 512 octets, and longer ones where extensions add parameters.
TEST(Rfc5321, Section4_5_3_1_4_CommandLines) {
  expect({"4.5.3.1.4", kHello, "NOOP " + of(505), "S: 250"});
  expect({"4.5.3.1.4", kHello, "NOOP " + of(LineReader::kMaxLine - 7), "S: 250"});
  expect({"4.5.3.1.4", kHello, "NOOP " + of(LineReader::kMaxLine - 6), "S: 500 5.5.2"});
  // RFC 3461 §4.2: ORCPT of 500 octets beside a path at its limit.
  const std::string mailbox = of(64) + "@" + domain_of(189);
  expect({"4.5.3.1.4", kMail,
          "RCPT TO:<" + mailbox + "> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;" + of(493),
          "S: 250"});
}

// §4.5.3.1.5 and §4.2: a reply line has 512 octets at most, a code and a text.
TEST(Rfc5321, Section4_5_3_1_5_ReplyLines) {
  ServerOptions long_name = options();
  long_name.hostname = domain_of(255);
  ServerSession session(long_name);
  session.grant({.xclient = true, .etrn = true});
  session.receive("EHLO x\r\nHELO x\r\nFROB " + of(2000) + "\r\nMAIL FROM:<" + of(1000) +
                  "\r\nHELP " + of(2000) + "\r\nVRFY " + of(1500) +
                  "\r\nBDAT 18446744073709551615 x\r\n");
  std::string written;
  for (ServerEvent event = session.next(); !std::holds_alternative<NeedInput>(event);
       event = session.next()) {
    if (const auto* write = std::get_if<Write>(&event)) written += write->bytes;
  }
  std::size_t lines = 0;
  for (std::size_t at = 0; at < written.size(); ++lines) {
    const auto end = written.find("\r\n", at);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end + 2 - at, 512u);
    EXPECT_TRUE(written[at + 3] == ' ' || written[at + 3] == '-');
    at = end + 2;
  }
  EXPECT_GE(lines, 15u);
}

// A host's answer may carry what somebody else wrote.
TEST(Rfc5321, Section4_5_3_1_5_RepliesOfTheHost) {
  const std::string bytes = wire(reply(550, "5.7.1", of(2000)));
  for (std::size_t at = 0; at < bytes.size();) {
    const auto end = bytes.find("\r\n", at);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end + 2 - at, 512u);
    at = end + 2;
  }
}

// §4.5.2: a dot at the start of a line is doubled by the client and comes out single.
TEST(Rfc5321, Section4_5_2_Transparency) {
  ServerTrace trace(options());
  trace.feed(testing::in_one(kRcpt + "DATA\r\n..\r\n.a\r\na.\r\n.\r\n"));
  EXPECT_EQ(trace.messages(), (std::vector<std::string>{".\r\na\r\na.\r\n"}));
}

// §4.5.3.1.8, §4.5.3.1.10: a hundred recipients at least, and 452 beyond the limit.
TEST(Rfc5321, Section4_5_3_1_10_TooManyRecipients) {
  ServerOptions some = options();
  some.max_recipients = 100;
  ServerTrace trace(some);
  trace.feed(testing::in_one(kMail));
  for (int i = 0; i < 100; ++i) {
    trace.feed(testing::in_one("RCPT TO:<c@d>\r\n"));
    ASSERT_EQ(trace.lines().back(), "S: 250 2.1.5 ok");
  }
  trace.feed(testing::in_one("RCPT TO:<c@d>\r\n"));
  EXPECT_EQ(trace.lines().back(), "S: 452 4.5.3 too many recipients");
  EXPECT_EQ(trace.session().limits_met().recipients, 1);
  trace.feed(testing::in_one("DATA\r\nx\r\n.\r\n"));
  EXPECT_EQ(trace.messages().size(), 1u);
}

}  // namespace
}  // namespace beredd::smtp
