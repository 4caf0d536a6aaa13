// The server's side of TLS against a plain OpenSSL client: what it offers, refuses and resumes.

#include "certificates.h"
#include "live.h"
#include "tls_context.h"

#include <fstream>
#include <functional>
#include <thread>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

namespace beredd::io {
namespace {

using namespace std::chrono_literals;
using base::Code;
using testing::Test;

using Session = std::unique_ptr<SSL_SESSION, FreeWith<&SSL_SESSION_free>>;

// What a client saw of one connection.
struct Seen {
  bool connected = false;
  bool resumed = false;
  std::string names;
  std::string version;
  Session ticket;
};

struct Client {
  int lowest = TLS1_2_VERSION, highest = TLS1_3_VERSION;
  std::string host;
  std::string ciphers;
  std::string groups;
  SSL_SESSION* session = nullptr;
};

int connect_to(const Address& at) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(at.port);
  ::inet_pton(AF_INET, at.host.c_str(), &where.sin_addr);
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0) {
    throw std::runtime_error("cannot connect");
  }
  return fd;
}

SslContext context_of(const Client& client) {
  SslContext context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_min_proto_version(context.get(), client.lowest);
  SSL_CTX_set_max_proto_version(context.get(), client.highest);
  if (!client.ciphers.empty()) SSL_CTX_set_cipher_list(context.get(), client.ciphers.c_str());
  if (!client.groups.empty()) SSL_CTX_set1_groups_list(context.get(), client.groups.c_str());
  return context;
}

// Blocks; the server runs in another thread. One byte comes after the handshake, and with it any
// ticket.
Seen visit(const Address& at, const Client& client) {
  const SslContext context = context_of(client);
  const int fd = connect_to(at);
  const SslHandle ssl(SSL_new(context.get()));
  SSL_set_fd(ssl.get(), fd);
  if (!client.host.empty()) SSL_set_tlsext_host_name(ssl.get(), client.host.c_str());
  if (client.session != nullptr) SSL_set_session(ssl.get(), client.session);
  Seen seen;
  seen.connected = SSL_connect(ssl.get()) == 1;
  if (seen.connected) {
    char byte = 0;
    SSL_read(ssl.get(), &byte, 1);
    seen.resumed = SSL_session_reused(ssl.get()) == 1;
    seen.version = SSL_get_version(ssl.get());
    seen.names = certificate_names(SSL_get0_peer_certificate(ssl.get()));
    seen.ticket.reset(SSL_get1_session(ssl.get()));
    SSL_shutdown(ssl.get());
  }
  ERR_clear_error();
  ::close(fd);
  return seen;
}

Task<void> greet(Stream& stream, TlsContext& context, std::optional<base::Status>& into) {
  base::Status shaken = co_await stream.start_tls_server(context, 20s);
  if (shaken) shaken = co_await stream.write("x", 20s);
  into.emplace(std::move(shaken));
}

struct TlsServerTest : Test {
  live::Folder folder;
  live::Authority authority{folder.path()};
  live::Loop loop;
  std::unique_ptr<Listener> listener =
      std::move(*listen_tcp(loop.executor(), Address{"127.0.0.1", 0}));

  static CertificateFiles pair(const live::CertificateFiles& files) {
    return {files.certificate, files.key};
  }
  std::unique_ptr<ServerCertificates> serve(std::vector<CertificateFiles> files) {
    auto made = server_certificates(std::move(files));
    if (!made) throw std::runtime_error(made.error().detail);
    return std::move(*made);
  }
  Seen visit_once(ServerCertificates& certificates, const Client& client) {
    Seen seen;
    std::thread visitor([&] { seen = visit(listener->local(), client); });
    const auto stream = std::move(*loop.run(listener->accept()));
    std::optional<base::Status> served;
    loop.start(greet(*stream, certificates.context(), served));
    loop.run_until([&] { return served.has_value(); });
    if (!*served) stream->close();
    visitor.join();
    return seen;
  }
  static void replace(const CertificateFiles& old, const live::CertificateFiles& with) {
    std::filesystem::rename(with.certificate, old.certificate);
    std::filesystem::rename(with.key, old.private_key);
  }
};

struct EitherVersion : TlsServerTest, testing::WithParamInterface<int> {
  Client client() const {
    Client made;
    made.lowest = made.highest = GetParam();
    made.host = "mail.example";
    return made;
  }
};
INSTANTIATE_TEST_SUITE_P(Tls, EitherVersion, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& version) {
                           return version.param == TLS1_2_VERSION ? "v12" : "v13";
                         });

TEST_P(EitherVersion, ResumesASession) {
  const auto served = serve({pair(authority.issue("DNS:mail.example"))});
  Client first = client();
  const Seen fresh = visit_once(*served, first);
  ASSERT_TRUE(fresh.connected);
  EXPECT_FALSE(fresh.resumed);
  Client second = client();
  second.session = fresh.ticket.get();
  EXPECT_TRUE(visit_once(*served, second).resumed);
}

TEST_P(EitherVersion, ResumesASessionFromBeforeAReload) {
  const auto files = pair(authority.issue("DNS:mail.example"));
  const auto served = serve({files});
  const Seen fresh = visit_once(*served, client());
  ASSERT_TRUE(fresh.connected);
  replace(files, authority.issue("DNS:mail.example,DNS:new.example"));
  ASSERT_TRUE(served->reload().ok());
  Client second = client();
  second.session = fresh.ticket.get();
  EXPECT_TRUE(visit_once(*served, second).resumed);
  EXPECT_EQ(visit_once(*served, client()).names, "mail.example, new.example");
}

TEST_P(EitherVersion, DoesNotResumeWhatAnotherProcessSealed) {
  const auto files = pair(authority.issue("DNS:mail.example"));
  const auto one = serve({files});
  const auto other = serve({files});
  const Seen fresh = visit_once(*one, client());
  Client second = client();
  second.session = fresh.ticket.get();
  const Seen again = visit_once(*other, second);
  EXPECT_TRUE(again.connected);
  EXPECT_FALSE(again.resumed);
}

TEST_P(EitherVersion, ResumesASessionOfAFurtherName) {
  const auto served = serve(
      {pair(authority.issue("DNS:other.example")), pair(authority.issue("DNS:mail.example"))});
  const Seen fresh = visit_once(*served, client());
  EXPECT_EQ(fresh.names, "mail.example");
  Client second = client();
  second.session = fresh.ticket.get();
  EXPECT_TRUE(visit_once(*served, second).resumed);
}

TEST_F(TlsServerTest, ShowsTheCertificateThatBearsTheName) {
  const auto served = serve({pair(authority.issue("DNS:mx2.example.org")),
                             pair(authority.issue("DNS:*.example.net")),
                             pair(authority.issue("DNS:mx.example.net"))});
  const auto shown = [&](std::string host) {
    Client client;
    client.host = std::move(host);
    return visit_once(*served, client).names;
  };
  EXPECT_EQ(shown("mx2.example.org"), "mx2.example.org");
  EXPECT_EQ(shown("MX.Example.NET"), "mx.example.net");  // before the wildcard that fits as well
  EXPECT_EQ(shown("other.example.net"), "*.example.net");
  EXPECT_EQ(shown("a.b.example.net"), "mx2.example.org");  // a wildcard is one label
  EXPECT_EQ(shown("unknown.example"), "mx2.example.org");
  EXPECT_EQ(shown(""), "mx2.example.org");
}

TEST_F(TlsServerTest, RefusesProtocolsBeforeTls12) {
  const auto served = serve({pair(authority.issue("DNS:mail.example"))});
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    Client old;
    old.lowest = old.highest = version;
    EXPECT_FALSE(visit_once(*served, old).connected);
  }
}

TEST_F(TlsServerTest, RefusesCiphersWithoutForwardSecrecyOrAuthentication) {
  const auto served = serve({pair(authority.issue("DNS:mail.example"))});
  for (const char* cipher :
       {"AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA", "AES256-SHA", "ECDHE-ECDSA-AES256-SHA384"}) {
    Client weak;
    weak.highest = TLS1_2_VERSION;
    weak.ciphers = cipher;
    EXPECT_FALSE(visit_once(*served, weak).connected) << cipher;
  }
  Client good;
  good.highest = TLS1_2_VERSION;
  good.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256";
  EXPECT_TRUE(visit_once(*served, good).connected);
}

TEST_F(TlsServerTest, TakesTheCurvesOfTheProfileOnly) {
  const auto served = serve({pair(authority.issue("DNS:mail.example"))});
  for (const char* curve : {"X25519", "P-256", "P-384"}) {
    Client client;
    client.groups = curve;
    EXPECT_TRUE(visit_once(*served, client).connected) << curve;
  }
  Client foreign;
  foreign.groups = "P-521";
  foreign.lowest = TLS1_3_VERSION;
  EXPECT_FALSE(visit_once(*served, foreign).connected);
}

TEST_F(TlsServerTest, KeepsWhatItHasWhileARenewalIsHalfWritten) {
  const auto files = pair(authority.issue("DNS:mail.example"));
  const auto served = serve({files});
  const auto renewal = authority.issue("DNS:new.example");
  std::filesystem::rename(renewal.certificate, files.certificate);
  const auto half = served->reload();
  ASSERT_FALSE(half.ok());
  EXPECT_EQ(half.error().code, Code::tls);
  EXPECT_NE(half.error().detail.find("does not belong to certificate"), std::string::npos);
  EXPECT_EQ(visit_once(*served, Client{}).names, "mail.example");
  std::filesystem::rename(renewal.key, files.private_key);
  ASSERT_TRUE(served->reload().ok());
  EXPECT_EQ(visit_once(*served, Client{}).names, "new.example");
}

TEST_F(TlsServerTest, OneBadPairOfSeveralChangesNothing) {
  const auto first = pair(authority.issue("DNS:one.example"));
  const auto second = pair(authority.issue("DNS:two.example"));
  const auto served = serve({first, second});
  replace(first, authority.issue("DNS:new.example"));
  std::ofstream(second.private_key) << "-----BEGIN PRIVATE KEY-----\n";
  ASSERT_FALSE(served->reload().ok());
  EXPECT_EQ(visit_once(*served, Client{}).names, "one.example");
  EXPECT_EQ(served->in_use().at(0).names, "one.example");
}

TEST_F(TlsServerTest, TellsWhatIsInUse) {
  const auto files = pair(authority.issue("DNS:one.example,IP:192.0.2.7", -60, 7200));
  const auto served = serve({files});
  const auto facts = served->in_use();
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts[0].file, files.certificate);
  EXPECT_EQ(facts[0].names, "one.example, 192.0.2.7");
  const auto left = facts[0].not_after - base::SystemClock().now();
  EXPECT_GT(left, 7000s);
  EXPECT_LT(left, 7300s);
}

}  // namespace
}  // namespace beredd::io
