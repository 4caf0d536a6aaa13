#include "beredd/remote/curl_prober.h"

#include "certificates.h"
#include "scripted_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::remote {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

struct ProberTest : testing::Test {
  live::Loop loop;
  std::unique_ptr<io::Prober> prober = curl_prober();

  io::ProbeResult look(io::Probe probe) {
    if (probe.timeout == base::Duration::zero()) probe.timeout = kLong;
    return loop.run(prober->probe(std::move(probe)));
  }
  io::ProbeResult get(const std::string& url, int expect = 0, std::string body = "") {
    io::Probe probe;
    probe.kind = io::ProbeKind::http;
    probe.url = url;
    probe.expect = expect;
    probe.body = std::move(body);
    return look(std::move(probe));
  }
  io::ProbeResult knock(io::ProbeKind kind, io::Address at, base::Duration timeout = kLong,
                        bool tls = false) {
    io::Probe probe;
    probe.kind = kind;
    probe.at = std::move(at);
    probe.tls = tls;
    probe.timeout = timeout;
    return look(std::move(probe));
  }
};

// --- http

TEST_F(ProberTest, SeesA200AndHowLongItTook) {
  ScriptedServer server(loop, http(ok_with("fine")));
  const auto result = get(server.url());
  EXPECT_TRUE(result.ok);
  EXPECT_THAT(result.saw, MatchesRegex("HTTP 200 in [0-9]+ ms"));
}

TEST_F(ProberTest, SeesA503) {
  ScriptedServer server(loop, http("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"));
  const auto result = get(server.url());
  EXPECT_FALSE(result.ok);
  EXPECT_THAT(result.saw, MatchesRegex("HTTP 503 in [0-9]+ ms"));
}

TEST_F(ProberTest, HoldsTheStatusAgainstTheExpectedOne) {
  ScriptedServer server(loop, http("HTTP/1.1 401 Who\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_TRUE(get(server.url(), 401).ok);
  const auto result = get(server.url(), 200);
  EXPECT_FALSE(result.ok);
  EXPECT_THAT(result.saw, MatchesRegex("HTTP 401 in [0-9]+ ms, expected 200"));
}

TEST_F(ProberTest, LooksForTheBody) {
  ScriptedServer server(loop, http(ok_with("{\"database\": \"down\"}")));
  EXPECT_TRUE(get(server.url(), 0, "down").ok);
  const auto result = get(server.url(), 0, "up");
  EXPECT_FALSE(result.ok);
  EXPECT_THAT(result.saw, MatchesRegex("HTTP 200 in [0-9]+ ms, without \"up\" in its body"));
}

TEST_F(ProberTest, ReadsTheFirst64KiBOfAnEndlessBodyAndIsContent) {
  auto endless = [](io::Stream& stream) -> io::Task<void> {
    co_await read_until(stream, "\r\n\r\n");
    co_await say(stream, "HTTP/1.1 200 OK\r\n\r\nfirst");
    const std::string more(10'000, 'x');
    for (;;) {
      const auto status = co_await stream.write(more, kLong);
      if (!status) co_return;
    }
  };
  ScriptedServer server(loop, endless);
  EXPECT_TRUE(get(server.url(), 0, "first").ok);
  EXPECT_FALSE(get(server.url(), 0, "never").ok);
}

TEST_F(ProberTest, FollowsNoRedirect) {
  ScriptedServer server(
      loop, http("HTTP/1.1 302 There\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_THAT(get(server.url()).saw, MatchesRegex("HTTP 302 in [0-9]+ ms"));
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(ProberTest, ConnectsAnewForEveryProbe) {
  ScriptedServer server(loop, http(ok_with("fine")));
  EXPECT_TRUE(get(server.url()).ok);
  EXPECT_TRUE(get(server.url()).ok);
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(ProberTest, UsesNoOtherProtocolThanHttp) {
  EXPECT_FALSE(get("file:///etc/hostname").ok);
  EXPECT_FALSE(get("no url").ok);
}

TEST_F(ProberTest, SaysThatAServerClosedWithoutAnAnswer) {
  ScriptedServer server(loop, http(""));
  EXPECT_EQ(get(server.url()).saw, "the connection was closed without an answer");
}

TEST_F(ProberTest, UsesNoProxyWhateverTheEnvironmentSays) {
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  ScriptedServer server(loop, http(ok_with("fine")));
  EXPECT_TRUE(get(server.url()).ok);
  ::unsetenv("http_proxy");
}

// --- time

TEST_F(ProberTest, EndsAProbeWithinItsTime) {
  ScriptedServer server(loop, silence());
  io::Probe probe;
  probe.kind = io::ProbeKind::http;
  probe.url = server.url();
  probe.timeout = 50ms;
  EXPECT_EQ(look(probe).saw, "no answer within 50ms");
  EXPECT_EQ(knock(io::ProbeKind::smtp, server.at(), 50ms).saw, "no answer within 50ms");
  EXPECT_EQ(knock(io::ProbeKind::imap, server.at(), 50ms).saw, "no answer within 50ms");
}

io::Task<void> note(io::Prober& prober, io::Probe probe, std::vector<io::ProbeResult>& into) {
  auto result = co_await prober.probe(std::move(probe));
  into.push_back(std::move(result));
}

TEST_F(ProberTest, AHungServerDelaysNoneOfFiftyOtherProbes) {
  ScriptedServer hung(loop, silence());
  ScriptedServer well(loop, http(ok_with("fine")));
  std::vector<io::ProbeResult> hung_results, results;
  for (const auto kind : {io::ProbeKind::http, io::ProbeKind::smtp, io::ProbeKind::imap}) {
    io::Probe probe;
    probe.kind = kind;
    probe.url = hung.url();
    probe.at = hung.at();
    probe.timeout = 1h;
    loop.start(note(*prober, probe, hung_results));
  }
  for (int i = 0; i < 50; ++i) {
    io::Probe probe;
    probe.kind = io::ProbeKind::http;
    probe.url = well.url();
    probe.timeout = kLong;
    loop.start(note(*prober, probe, results));
  }
  loop.run_until([&] { return results.size() == 50; });
  for (const auto& result : results) EXPECT_TRUE(result.ok) << result.saw;
  EXPECT_TRUE(hung_results.empty());

  prober.reset();
  loop.run_until([&] { return hung_results.size() == 3; });
  for (const auto& result : hung_results) EXPECT_EQ(result.saw, "cancelled");
}

// --- tcp and names

TEST_F(ProberTest, SeesWhetherAPortIsOpen) {
  io::Address at;
  {
    ScriptedServer server(loop, silence());
    at = server.at();
    const auto result = knock(io::ProbeKind::tcp, at);
    EXPECT_TRUE(result.ok);
    EXPECT_THAT(result.saw, MatchesRegex("connected in [0-9]+ ms"));
  }
  const auto result = knock(io::ProbeKind::tcp, at);
  EXPECT_FALSE(result.ok);
  EXPECT_EQ(result.saw, "connection refused");
}

TEST_F(ProberTest, SaysThatANameDoesNotExist) {
  EXPECT_THAT(knock(io::ProbeKind::tcp, io::Address{"nowhere.invalid", 25}).saw,
              StartsWith("name not found: "));
}

// --- servers that speak first

TEST_F(ProberTest, SpeaksSmtpToTheEnd) {
  std::string heard;
  auto serve = [&heard](io::Stream& stream) -> io::Task<void> {
    co_await say(stream, "220 mx ready\r\n");
    heard += co_await read_until(stream, "\r\n");
    co_await say(stream, "250-mx\r\n250 PIPELINING\r\n");
    heard += co_await read_until(stream, "\r\n");
    co_await say(stream, "250 ok\r\n");
    heard += co_await read_until(stream, "\r\n");
  };
  ScriptedServer server(loop, serve);
  const auto result = knock(io::ProbeKind::smtp, server.at());
  EXPECT_TRUE(result.ok) << result.saw;
  EXPECT_THAT(result.saw, MatchesRegex("SMTP ready in [0-9]+ ms"));
  loop.run_until([&] { return heard.ends_with("QUIT\r\n"); });
  EXPECT_EQ(heard, "EHLO [127.0.0.1]\r\nNOOP\r\nQUIT\r\n");
}

TEST_F(ProberTest, RepeatsTheWordsOfASmtpServerThatSaysNo) {
  for (const std::string words : {"421 4.3.2 shutting down", "554 5.3.2 not here"}) {
    ScriptedServer server(loop, lines({words + "\r\n"}));
    const auto result = knock(io::ProbeKind::smtp, server.at());
    EXPECT_FALSE(result.ok);
    EXPECT_EQ(result.saw, words);
  }
}

TEST_F(ProberTest, ShowsNoControlCharactersOfAServer) {
  ScriptedServer server(loop, lines({"\x1b[31mred\r\n"}));
  const auto result = knock(io::ProbeKind::smtp, server.at());
  EXPECT_FALSE(result.ok);
  EXPECT_EQ(result.saw.find('\x1b'), std::string::npos);
  EXPECT_THAT(result.saw, HasSubstr("red"));
}

TEST_F(ProberTest, SaysThatASmtpServerHungUp) {
  ScriptedServer server(loop, lines({"220 hi\r\n"}));
  const auto result = knock(io::ProbeKind::smtp, server.at());
  EXPECT_FALSE(result.ok);
  EXPECT_EQ(result.saw, "the connection was closed without an answer");
}

TEST_F(ProberTest, SpeaksImap) {
  ScriptedServer well(loop,
                      lines({"* OK hi\r\n", "* CAPABILITY IMAP4rev1\r\na1 OK\r\n", "a2 OK\r\n"}));
  const auto result = knock(io::ProbeKind::imap, well.at());
  EXPECT_TRUE(result.ok) << result.saw;
  EXPECT_THAT(result.saw, MatchesRegex("IMAP ready in [0-9]+ ms"));
  ScriptedServer leaving(loop, lines({"* BYE overloaded\r\n"}));
  EXPECT_EQ(knock(io::ProbeKind::imap, leaving.at()).saw, "* BYE overloaded");
}

// --- certificates

struct SecureProberTest : ProberTest {
  live::Folder folder;
  live::Authority authority{folder.path()};
  std::unique_ptr<io::TlsContext> context;

  ScriptedServer::Serve over_tls(const live::CertificateFiles& files, ScriptedServer::Serve serve) {
    context = std::move(*io::server_tls(files.certificate, files.key));
    return [this, serve = std::move(serve)](io::Stream& stream) -> io::Task<void> {
      const auto shaken = co_await stream.start_tls_server(*context, kLong);
      if (shaken) co_await serve(stream);
    };
  }
};

TEST_F(SecureProberTest, SpeaksThroughTlsThatVerifies) {
  prober = curl_prober(authority.file());
  const auto files = authority.issue("IP:127.0.0.1");
  ScriptedServer smtps(loop, over_tls(files, lines({"220 a\r\n", "250 b\r\n", "250 c\r\n"})));
  const auto result = knock(io::ProbeKind::smtp, smtps.at(), kLong, true);
  EXPECT_TRUE(result.ok) << result.saw;
  ScriptedServer https(loop, over_tls(files, http(ok_with("fine"))));
  EXPECT_TRUE(get(https.url("https")).ok);
}

TEST_F(SecureProberTest, TrustsNoUnknownAuthority) {
  const auto files = authority.issue("IP:127.0.0.1");
  ScriptedServer server(loop, over_tls(files, http(ok_with("fine"))));
  const auto result = get(server.url("https"));
  EXPECT_FALSE(result.ok);
  EXPECT_EQ(result.saw, "certificate: server certificate verification failed");
  EXPECT_THAT(knock(io::ProbeKind::smtp, server.at(), kLong, true).saw,
              StartsWith("certificate: "));
}

TEST_F(SecureProberTest, TrustsNoCertificateForAnotherHost) {
  prober = curl_prober(authority.file());
  ScriptedServer server(loop, over_tls(authority.issue("IP:127.0.0.2"), http(ok_with("fine"))));
  const auto result = get(server.url("https"));
  EXPECT_FALSE(result.ok);
  EXPECT_THAT(result.saw, StartsWith("certificate: "));
}

TEST_F(SecureProberTest, SaysThatAServerSpeaksNoTls) {
  ScriptedServer server(loop, lines({"220 plain\r\n"}));
  const auto result = knock(io::ProbeKind::smtp, server.at(), kLong, true);
  EXPECT_FALSE(result.ok);
  EXPECT_THAT(result.saw, StartsWith("TLS: "));
}

}  // namespace
}  // namespace beredd::remote
