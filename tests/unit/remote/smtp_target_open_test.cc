// Opening a connection to a primary: refusals, time, TLS.

#include "certificates.h"
#include "live.h"
#include "target_fixture.h"

#include <gmock/gmock.h>

namespace beredd::remote {
namespace {

using namespace std::chrono_literals;
using base::Code;
using smtp::TlsPolicy;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

struct OpenTest : TargetTest {
  Code failure(TlsPolicy policy = TlsPolicy::off) {
    const auto status = open(policy);
    if (status.ok()) return Code::internal;
    EXPECT_EQ(status.error().fault, base::Fault::transient);
    words = status.error().detail;
    return status.error().code;
  }
  std::string words;
};

TEST_F(OpenTest, SaysThatNobodyListens) {
  EXPECT_EQ(failure(), Code::unreachable);
  EXPECT_EQ(words, "in.primary.test:25: connection refused");
}

TEST_F(OpenTest, GivesUpConnectingAfterHalfAMinute) {
  primary.start();
  world.network().set_faults(at, {.hang = true});
  const base::Instant before = world.clock().now();
  EXPECT_EQ(failure(), Code::timeout);
  EXPECT_EQ(world.clock().now() - before, 30s);
}

io::Task<void> greet_and_wait(io::Listener& listener, std::string greeting) {
  auto accepted = co_await listener.accept();
  std::ignore = co_await (*accepted)->write(greeting, 1h);
  std::string ignored(100, '\0');
  const std::span<char> into(ignored);
  std::ignore = co_await (*accepted)->read(into, 1h);
}

TEST_F(OpenTest, HandsOnAGreetingThatSaysNo) {
  const auto listener = world.network().listen(at);
  io::spawn(world.executor(), greet_and_wait(*listener, "554 5.3.2 not today\r\n"), "server");
  EXPECT_EQ(failure(TlsPolicy::required), Code::refused);
  EXPECT_EQ(words, "in.primary.test:25: 554 5.3.2 not today");
}

TEST_F(OpenTest, GivesUpOnAServerThatNeverGreets) {
  const auto listener = world.network().listen(at);
  io::spawn(world.executor(), greet_and_wait(*listener, ""), "server");
  const base::Instant before = world.clock().now();
  EXPECT_EQ(failure(), Code::timeout);
  EXPECT_EQ(words, "in.primary.test:25: no answer within 5m");
  EXPECT_EQ(world.clock().now() - before, 5min);
}

TEST_F(OpenTest, SaysThatAServerHungUpBeforeItWasReady) {
  primary.start();
  world.network().set_faults(at, {.cut_to_client = 30});
  EXPECT_EQ(failure(), Code::unreachable);
  EXPECT_THAT(words, HasSubstr("the connection was lost"));
}

TEST_F(OpenTest, UsesTlsWhereItIsOffered) {
  primary.options.offer_starttls = true;
  primary.start();
  ASSERT_TRUE(open(TlsPolicy::opportunistic).ok());
  EXPECT_EQ(primary.secured, 1);
  EXPECT_EQ(hand_over_one(parcel(1)).kind, Kind::acknowledged);
}

TEST_F(OpenTest, StaysInTheClearWhenTlsIsOffOrNotOffered) {
  primary.options.offer_starttls = true;
  primary.start();
  ASSERT_TRUE(open(TlsPolicy::off).ok());
  EXPECT_THAT(primary.commands, Not(Contains("STARTTLS")));
  primary.options.offer_starttls = false;
  ASSERT_TRUE(open(TlsPolicy::opportunistic).ok());
  EXPECT_EQ(primary.secured, 0);
}

TEST_F(OpenTest, RefusesAServerWithoutTlsWhenTlsIsRequired) {
  primary.start();
  EXPECT_EQ(failure(TlsPolicy::required), Code::tls);
  EXPECT_THAT(words, HasSubstr("TLS is required"));
}

TEST_F(OpenTest, RefusesACertificateThatDoesNotVerifyWhenTlsIsRequired) {
  primary.options.offer_starttls = true;
  primary.start();
  world.network().set_faults(at, {.tls_failure = "certificate has expired"});
  EXPECT_EQ(failure(TlsPolicy::required), Code::tls);
  EXPECT_EQ(words, "in.primary.test:25: TLS: certificate has expired");
  EXPECT_EQ(primary.connections, 1);
}

TEST_F(OpenTest, ConnectsAgainInTheClearWhenOpportunisticTlsFails) {
  primary.options.offer_starttls = true;
  primary.start();
  world.network().set_faults(at, {.tls_failure = "no cipher in common"});
  ASSERT_TRUE(open(TlsPolicy::opportunistic).ok());
  EXPECT_EQ(primary.connections, 2);
  EXPECT_EQ(hand_over_one(parcel(1)).kind, Kind::acknowledged);
}

TEST_F(OpenTest, NeverStartsTlsWithoutAContext) {
  SmtpTargetOptions options;
  options.at = at;
  options.tls = TlsPolicy::required;
  target = smtp_target(options, *connector, nullptr);
  const auto opened = *world.run(target->open(world.executor()));
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().fault, base::Fault::bug);
}

// --- real sockets and real certificates

io::Task<void> serve_starttls(io::Listener& listener, io::TlsContext& context) {
  auto accepted = co_await listener.accept();
  io::Stream& stream = **accepted;
  smtp::ServerOptions options;
  options.hostname = "mx.example";
  options.offer_starttls = true;
  smtp::ServerSession session(options);
  for (;;) {
    const smtp::ServerEvent event = session.next();
    if (const auto* write = std::get_if<smtp::Write>(&event)) {
      std::ignore = co_await stream.write(write->bytes, 20s);
    } else if (std::holds_alternative<smtp::StartTls>(event)) {
      const auto shaken = co_await stream.start_tls_server(context, 20s);
      if (!shaken) co_return;
      session.tls_started();
    } else {
      std::string input(1000, '\0');
      const std::span<char> into(input);
      auto count = co_await stream.read(into, 20s);
      if (!count) co_return;
      session.receive(std::string_view(input).substr(0, *count));
    }
  }
}

// What opening with required TLS comes to when the server's certificate is for `names`.
std::string open_over_loopback(const std::string& names) {
  live::Loop loop;
  const live::Folder folder;
  live::Authority authority(folder.path());
  const auto files = authority.issue(names);
  const auto server = std::move(*io::server_tls(files.certificate, files.key));
  const auto client = std::move(*io::client_tls(io::ClientTls{authority.file(), true}));
  const auto listener = std::move(*io::listen_tcp(loop.executor(), io::Address{"127.0.0.1", 0}));
  loop.start(serve_starttls(*listener, *server));
  const auto connector = io::tcp_connector();
  SmtpTargetOptions options;
  options.at = listener->local();
  options.helo = "mx2.example";
  options.tls = TlsPolicy::required;
  const auto target = smtp_target(options, *connector, client.get());
  const auto opened = loop.run(target->open(loop.executor()));
  return opened.ok() ? "open"
                     : std::string(name(opened.error().code)) + " " + opened.error().detail;
}

TEST(SmtpTargetOverLoopback, VerifiesTheServersCertificate) {
  EXPECT_EQ(open_over_loopback("IP:127.0.0.1"), "open");
  EXPECT_THAT(open_over_loopback("DNS:mx.example"),
              HasSubstr("host name mismatch: the certificate is for mx.example"));
}

}  // namespace
}  // namespace beredd::remote
