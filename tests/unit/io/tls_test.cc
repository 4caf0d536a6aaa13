#include "beredd/io/tls.h"

#include "certificates.h"
#include "live.h"

#include <fstream>

#include <gtest/gtest.h>

namespace beredd::io {
namespace {

using namespace std::chrono_literals;
using base::Code;
using testing::Test;

constexpr base::Duration kLong = 20s;

struct Shaken {
  base::Status client, server;
};

Task<void> shake_as_server(Stream& stream, TlsContext& context, std::optional<base::Status>& into) {
  into.emplace(co_await stream.start_tls_server(context, kLong));
}

struct TlsTest : Test {
  live::Folder folder;
  live::Authority authority{folder.path()};
  live::Loop loop;
  live::Ends ends = live::connect_ends(loop);

  std::unique_ptr<TlsContext> server(const live::CertificateFiles& files) {
    auto context = server_tls(files.certificate, files.key);
    if (!context) throw std::runtime_error(context.error().detail);
    return std::move(*context);
  }
  std::unique_ptr<TlsContext> verifying() {
    return std::move(*client_tls(ClientTls{authority.file(), true}));
  }

  Shaken shake(TlsContext& server_context, TlsContext& client_context, std::string_view host) {
    std::optional<base::Status> served;
    loop.start(shake_as_server(*ends.server, server_context, served));
    auto client = loop.run(ends.client->start_tls_client(client_context, host, kLong));
    if (!client) ends.client->close();
    loop.run_until([&] { return served.has_value(); });
    return Shaken{std::move(client), std::move(*served)};
  }
  // The client's failure with a certificate for `names`.
  base::Error failure(const live::CertificateFiles& files, std::string_view host) {
    const auto served = server(files);
    const auto client = verifying();
    auto shaken = shake(*served, *client, host);
    return shaken.client.ok() ? base::bug("it verified") : shaken.client.error();
  }
};

TEST_F(TlsTest, EncryptsBothWaysWithACertificateThatVerifies) {
  const auto served = server(authority.issue("DNS:mail.example"));
  const auto client = verifying();
  const auto shaken = shake(*served, *client, "mail.example");
  ASSERT_TRUE(shaken.client.ok()) << shaken.client.error().detail;
  ASSERT_TRUE(shaken.server.ok());
  EXPECT_TRUE(ends.client->secure());
  EXPECT_TRUE(ends.server->secure());
  EXPECT_EQ(ends.client->tls_summary().substr(0, 8), "TLSv1.3 ");
  EXPECT_TRUE(loop.run(ends.client->write("EHLO\r\n", kLong)).ok());
  EXPECT_EQ(loop.run(live::read_exactly(*ends.server, 6)), "EHLO\r\n");
  EXPECT_TRUE(loop.run(ends.server->write("250\r\n", kLong)).ok());
  EXPECT_EQ(loop.run(live::read_exactly(*ends.client, 5)), "250\r\n");
}

TEST_F(TlsTest, VerifiesAnAddressAgainstTheCertificatesAddresses) {
  const auto served = server(authority.issue("IP:192.0.2.7"));
  const auto client = verifying();
  EXPECT_TRUE(shake(*served, *client, "192.0.2.7").client.ok());
}

TEST_F(TlsTest, RefusesAnotherHostsCertificateAndNamesBoth) {
  const auto error =
      failure(authority.issue("DNS:mx.other.example,DNS:other.example"), "mail.example");
  EXPECT_EQ(error.fault, base::Fault::permanent);
  EXPECT_EQ(error.code, Code::tls);
  EXPECT_EQ(error.detail,
            "host name mismatch: the certificate is for mx.other.example, other.example, not for "
            "mail.example");
}

TEST_F(TlsTest, RefusesAnotherAddressesCertificate) {
  const auto error = failure(authority.issue("IP:192.0.2.8"), "192.0.2.7");
  EXPECT_EQ(error.detail,
            "host name mismatch: the certificate is for 192.0.2.8, not for 192.0.2.7");
}

TEST_F(TlsTest, RefusesAnExpiredCertificate) {
  const auto error = failure(authority.issue("DNS:mail.example", -7200, -3600), "mail.example");
  EXPECT_EQ(error.code, Code::tls);
  EXPECT_EQ(error.detail, "certificate has expired");
}

TEST_F(TlsTest, RefusesACertificateThatIsNotYetValid) {
  const auto error = failure(authority.issue("DNS:mail.example", 3600, 7200), "mail.example");
  EXPECT_EQ(error.detail, "certificate is not yet valid");
}

TEST_F(TlsTest, RefusesASelfSignedCertificate) {
  const auto error = failure(authority.issue("DNS:mail.example", -60, 3600, true), "mail.example");
  EXPECT_EQ(error.code, Code::tls);
  EXPECT_NE(error.detail.find("self-signed"), std::string::npos) << error.detail;
}

TEST_F(TlsTest, RefusesEveryCertificateForNoName) {
  const auto error = failure(authority.issue("DNS:mail.example"), "");
  EXPECT_EQ(error.code, Code::tls);
}

TEST_F(TlsTest, OpportunisticTlsTakesAnyCertificate) {
  const auto served = server(authority.issue("DNS:other.example", -7200, -3600, true));
  const auto client = std::move(*client_tls(ClientTls{{}, false}));
  EXPECT_TRUE(shake(*served, *client, "mail.example").client.ok());
}

TEST_F(TlsTest, TheServerHearsWhyTheClientLeft) {
  const auto served = server(authority.issue("DNS:other.example"));
  const auto client = verifying();
  const auto shaken = shake(*served, *client, "mail.example");
  ASSERT_FALSE(shaken.server.ok());
  EXPECT_EQ(shaken.server.error().code, Code::tls);
  EXPECT_NE(shaken.server.error().detail.find("bad certificate"), std::string::npos)
      << shaken.server.error().detail;
  EXPECT_FALSE(ends.server->secure());
}

TEST_F(TlsTest, WhatIsNoHandshakeIsAnErrorAndNoHang) {
  const auto served = server(authority.issue("DNS:mail.example"));
  EXPECT_TRUE(loop.run(ends.client->write("EHLO plain.example\r\n", kLong)).ok());
  const auto status = loop.run(ends.server->start_tls_server(*served, kLong));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, Code::tls);
}

TEST_F(TlsTest, TimesOutAHandshakeWithSilence) {
  const auto client = verifying();
  const auto status = loop.run(ends.client->start_tls_client(*client, "mail.example", 10ms));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, Code::timeout);
}

TEST_F(TlsTest, APeerThatLeavesInTheHandshakeIsClosed) {
  const auto client = verifying();
  ends.server.reset();
  const auto status = loop.run(ends.client->start_tls_client(*client, "mail.example", kLong));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, Code::closed);
}

TEST_F(TlsTest, StartingTwiceIsABug) {
  const auto served = server(authority.issue("DNS:mail.example"));
  const auto client = verifying();
  ASSERT_TRUE(shake(*served, *client, "mail.example").client.ok());
  const auto status = loop.run(ends.client->start_tls_client(*client, "mail.example", kLong));
  EXPECT_EQ(status.error().fault, base::Fault::bug);
}

struct SecureStreamTest : TlsTest {
  std::unique_ptr<TlsContext> server_context = server(authority.issue("DNS:mail.example"));
  std::unique_ptr<TlsContext> client_context = verifying();
  void SetUp() override {
    ASSERT_TRUE(shake(*server_context, *client_context, "mail.example").client.ok());
  }
  std::array<char, 100> buffer{};
};

TEST_F(SecureStreamTest, TellsTimeoutCloseAndCancelApart) {
  EXPECT_EQ(loop.run(ends.client->read(buffer, 5ms)).error().code, Code::timeout);
  ends.server->close();
  EXPECT_EQ(loop.run(ends.client->read(buffer, kLong)).error().code, Code::closed);
  ends.client->close();
  EXPECT_EQ(loop.run(ends.client->read(buffer, kLong)).error().code, Code::cancelled);
}

Task<void> write_all(Stream& stream, std::string_view bytes, std::optional<base::Status>& status) {
  status.emplace(co_await stream.write(bytes, kLong));
}

TEST_F(SecureStreamTest, CarriesMegabytesBothWaysAtOnce) {
  const std::string up(3'000'000, 'u');
  const std::string down(3'000'000, 'd');
  std::optional<base::Status> up_status, down_status;
  loop.start(write_all(*ends.client, up, up_status));
  loop.start(write_all(*ends.server, down, down_status));
  std::optional<std::string> seen;
  loop.start([](Stream& stream, std::size_t size, std::optional<std::string>& into) -> Task<void> {
    into.emplace(co_await live::read_exactly(stream, size));
  }(*ends.server, up.size(), seen));
  EXPECT_TRUE(loop.run(live::read_exactly(*ends.client, down.size())) == down);
  loop.run_until([&] { return seen && up_status && down_status; });
  EXPECT_TRUE(*seen == up);
  EXPECT_TRUE(up_status->ok());
  EXPECT_TRUE(down_status->ok());
}

TEST_F(SecureStreamTest, WriteToAPeerThatWentAwayIsClosedAndNoSignal) {
  ends.server.reset();
  const std::string bytes(8'000'000, 'x');
  const auto status = loop.run(ends.client->write(bytes, kLong));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, Code::closed);
}

struct TlsFilesTest : Test {
  live::Folder folder;
  live::Authority authority{folder.path()};

  std::string failure(const std::filesystem::path& certificate, const std::filesystem::path& key) {
    const auto context = server_tls(certificate, key);
    return context.ok() ? "" : context.error().detail;
  }
};

TEST_F(TlsFilesTest, NamesAFileThatIsMissing) {
  const auto files = authority.issue("DNS:mail.example");
  EXPECT_EQ(failure("/nowhere/chain.pem", files.key),
            "certificate /nowhere/chain.pem: no such file or directory");
  EXPECT_EQ(failure(files.certificate, "/nowhere/key.pem"),
            "private key /nowhere/key.pem: no such file or directory");
  const auto client = client_tls(ClientTls{"/nowhere/ca.pem", true});
  ASSERT_FALSE(client.ok());
  EXPECT_EQ(client.error().detail,
            "certificate authorities /nowhere/ca.pem: no such file or directory");
}

TEST_F(TlsFilesTest, NamesAFileThatHoldsSomethingElse) {
  const auto files = authority.issue("DNS:mail.example");
  const auto junk = folder.path() / "junk.pem";
  std::ofstream(junk) << "not PEM at all\n";
  EXPECT_EQ(failure(junk, files.key).find("certificate " + junk.string() + ": not a PEM"), 0u);
  EXPECT_EQ(failure(files.certificate, junk).find("private key " + junk.string() + ": not a PEM"),
            0u);
  EXPECT_FALSE(client_tls(ClientTls{junk, true}).ok());
}

TEST_F(TlsFilesTest, SaysThatAKeyIsAnothersCertificates) {
  const auto one = authority.issue("DNS:one.example");
  const auto two = authority.issue("DNS:two.example");
  EXPECT_EQ(failure(one.certificate, two.key), "private key " + two.key.string() +
                                                   ": does not belong to certificate " +
                                                   one.certificate.string());
}

TEST_F(TlsFilesTest, UsesTheSystemsAuthoritiesUnlessToldOtherwise) {
  EXPECT_TRUE(client_tls(ClientTls{}).ok());
}

}  // namespace
}  // namespace beredd::io
