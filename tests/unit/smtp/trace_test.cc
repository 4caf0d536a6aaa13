#include "beredd/smtp/trace.h"

#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace beredd::smtp {
namespace {

Hop hop() {
  Hop hop;
  hop.client_name = "client.example";
  hop.client_address = "192.0.2.7";
  hop.server_name = "mx.example.org";
  hop.id = "4f1c2a9b.1042";
  hop.at = base::Instant(std::chrono::seconds(1795397426));  // Mon, 23 Nov 2026 01:30:26 UTC
  return hop;
}

std::string unfolded(std::string text) {
  for (auto at = text.find("\r\n\t"); at != text.npos; at = text.find("\r\n\t"))
    text.replace(at, 3, " ");
  return text;
}

TEST(ReceivedHeader, SaysWhoWhenAndHow) {
  EXPECT_EQ(unfolded(received_header(hop())),
            "Received: from client.example ([192.0.2.7]) by mx.example.org with ESMTP id "
            "4f1c2a9b.1042; Mon, 23 Nov 2026 01:30:26 +0000\r\n");
}

TEST(ReceivedHeader, NamesTheProtocolOfRfc3848) {
  struct Case {
    bool extended, tls;
    std::string keyword;
    bool lmtp = false;
  };
  for (const Case& c : {Case{false, false, "SMTP", false},
                        {true, false, "ESMTP"},
                        {true, true, "ESMTPS"},
                        {false, true, "ESMTPS"},
                        {true, false, "LMTP", true},
                        {true, true, "LMTPS", true}}) {
    Hop h = hop();
    h.extended = c.extended;
    h.tls = c.tls;
    h.lmtp = c.lmtp;
    EXPECT_NE(unfolded(received_header(h)).find(" with " + c.keyword + " id "), std::string::npos);
  }
}

TEST(ReceivedHeader, NamesTheProtocolOfRfc6531AndKeepsUtf8InFor) {
  Hop utf8 = hop();
  utf8.for_mailbox = "j\xC3\xB6rg@example.org";
  EXPECT_NE(unfolded(received_header(utf8)).find("for <j??rg@example.org>"), std::string::npos);
  utf8.smtputf8 = true;
  EXPECT_NE(unfolded(received_header(utf8)).find(" with UTF8SMTP id"), std::string::npos);
  EXPECT_NE(unfolded(received_header(utf8)).find("for <j\xC3\xB6rg@example.org>"),
            std::string::npos);
  utf8.tls = true;
  EXPECT_NE(unfolded(received_header(utf8)).find(" with UTF8SMTPS id"), std::string::npos);
}

TEST(ReceivedHeader, WritesAnIpv6Literal) {
  Hop h = hop();
  h.client_address = "2001:db8::7";
  EXPECT_NE(unfolded(received_header(h)).find("([IPv6:2001:db8::7])"), std::string::npos);
}

TEST(ReceivedHeader, NamesTheHostWhereItIsKnownAndTheAddressUnlessItIsNot) {
  Hop h = hop();
  h.client_host = "spike.example";
  EXPECT_NE(unfolded(received_header(h)).find(" (spike.example [192.0.2.7]) by "),
            std::string::npos);
  h.client_host = h.client_address = "";
  EXPECT_NE(unfolded(received_header(h)).find(" ([unknown]) by "), std::string::npos);
}

TEST(ReceivedHeader, NamesTheOnlyRecipient) {
  Hop h = hop();
  h.for_mailbox = "support@example.org";
  EXPECT_NE(unfolded(received_header(h)).find(" for <support@example.org>; "), std::string::npos);
  h.for_mailbox = "\"a b\"@example.org";
  EXPECT_NE(unfolded(received_header(h)).find(" for <\"a b\"@example.org>; "), std::string::npos);
}

TEST(ReceivedHeader, KeepsAnAddressLiteralOfHelo) {
  Hop h = hop();
  h.client_name = "[192.0.2.7]";
  EXPECT_EQ(received_header(h).rfind("Received: from [192.0.2.7] (", 0), 0u);
  h.client_name = "";
  EXPECT_EQ(received_header(h).rfind("Received: from unknown (", 0), 0u);
}

TEST(ReceivedHeader, LetsAClientInjectNothing) {
  const std::string attacks[] = {
      "x) by bank.example (trusted",
      "x\r\nX-Spam: no",
      "x\nSubject: hi",
      "x; Mon, 1 Jan 2001 00:00:00 +0000",
      "x\"y",
      "x\\",
      "<a@b>",
      std::string("x\0y", 3),
      "b\xc3\xbc"
      "cher",
      "x y\tz",
      "x,y",
  };
  for (const std::string& attack : attacks) {
    Hop h = hop();
    h.client_name = h.client_address = h.client_host = h.id = attack;
    h.for_mailbox = attack;
    const std::string header = received_header(h);
    const std::string before_for = header.substr(0, header.find("for"));
    EXPECT_EQ(std::count(before_for.begin(), before_for.end(), '('), 1) << attack;
    EXPECT_EQ(std::count(before_for.begin(), before_for.end(), ')'), 1) << attack;
    EXPECT_EQ(before_for.find_first_of("\"\\,;"), std::string::npos) << attack;
    const std::string line = unfolded(header);
    EXPECT_EQ(line.find_first_of("\r\n"), line.size() - 2) << attack;
    for (const char c : line.substr(0, line.size() - 2))
      EXPECT_TRUE(c >= ' ' && c < 0x7F) << attack;
  }
}

TEST(ReceivedHeader, FoldsAt78ColumnsUnlessAWordIsLonger) {
  Hop h = hop();
  h.for_mailbox = "someone.with.a.rather.long.name@department.example.org";
  std::istringstream lines(received_header(h));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size() - 1, 78u) << line;
    EXPECT_EQ(line.back(), '\r');
  }
  h.client_name = std::string(5000, 'x');
  std::istringstream longer(received_header(h));
  for (std::string line; std::getline(longer, line);) EXPECT_LE(line.size(), 998u);
}

}  // namespace
}  // namespace beredd::smtp
