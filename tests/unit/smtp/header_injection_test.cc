// Nothing that a client says makes a header field of its own, or ends ours.

#include "smtp_data_reference.h"
#include "smuggling.h"

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "beredd/smtp/trace.h"

namespace beredd::smtp::smuggling {
namespace {

using namespace std::string_literals;
using testing::escaped;
using testing::ServerTrace;

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

TEST(HeaderInjection, ThroughAnyPartOfTheTraceFails) {
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

TEST(HeaderInjection, ThroughHeloFails) {
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

TEST(HeaderInjection, ThroughXclientFails) {
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
}  // namespace beredd::smtp::smuggling
