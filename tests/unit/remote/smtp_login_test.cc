// Implicit TLS and the login, on real sockets with real certificates.

#include "certificates.h"
#include "scripted_server.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "beredd/remote/password_file.h"
#include "beredd/remote/smtp_target.h"

namespace beredd::remote {
namespace {

constexpr std::string_view kKey = "smarthost.password_file";

using ::testing::HasSubstr;
using ::testing::Not;

void write(const std::filesystem::path& file, std::string_view text) {
  std::ofstream(file, std::ios::binary) << text;
}

TEST(PasswordFile, ItsFirstLineIsThePassword) {
  const live::Folder folder;
  const auto file = folder.path() / "password";
  for (const std::string_view text :
       {"s e cret", "s e cret\n", "s e cret\r\n", "s e cret\nmore\n"}) {
    write(file, text);
    const auto read = read_credentials("support", file, kKey);
    ASSERT_TRUE(read.ok()) << read.error().detail;
    EXPECT_EQ(read->user, "support");
    EXPECT_EQ(read->password, "s e cret");
  }
}

TEST(PasswordFile, WhatIsNoneIsSaidWithoutShowingIt) {
  const live::Folder folder;
  const auto file = folder.path() / "password";
  EXPECT_THAT(read_credentials("support", file, kKey).error().detail, HasSubstr("no such file"));
  const std::string nul("hid\0den", 7);
  for (const std::string& text :
       {std::string(), std::string("\nsecond"), nul, "hid" + std::string(2000, 'x')}) {
    write(file, text);
    const auto read = read_credentials("support", file, kKey);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().fault, base::Fault::transient);
    EXPECT_THAT(read.error().detail, HasSubstr(file.string()));
    EXPECT_THAT(read.error().detail, Not(HasSubstr("hid")));
  }
  EXPECT_FALSE(read_credentials("support", folder.path(), kKey).ok());
}

// A server with implicit TLS: says `replies`, each after one line of the client, and keeps those.
struct LoginOverLoopback : ::testing::Test {
  static io::Task<void> serve(io::Stream& stream, io::TlsContext& context,
                              std::vector<std::string> replies, std::vector<std::string>* said) {
    const auto shaken = co_await stream.start_tls_server(context, kLong);
    if (!shaken) co_return;
    for (const std::string& reply : replies) {
      std::ignore = co_await stream.write(reply, kLong);
      std::string line(1000, '\0');
      const std::span<char> into(line);
      const auto count = co_await stream.read(into, kLong);
      if (!count) co_return;
      said->push_back(line.substr(0, *count - 2));
    }
  }

  std::string open(const std::string& names, std::vector<std::string> replies, long until = 3600) {
    const auto files = authority.issue(names, -7200, until);
    const auto server_tls = std::move(*io::server_tls(files.certificate, files.key));
    const auto client_tls = std::move(*io::client_tls(io::ClientTls{authority.file(), true}));
    ScriptedServer server(
        loop, [&](io::Stream& stream) { return serve(stream, *server_tls, replies, &said); });
    SmtpTargetOptions options;
    options.at = server.at();
    options.helo = "mx2.example";
    options.tls = smtp::TlsPolicy::implicit;
    const auto file = folder.path() / "password";
    options.credentials = [file] { return read_credentials("support", file, kKey); };
    const auto target = smtp_target(options, *connector, client_tls.get());
    const auto opened = loop.run(target->open(loop.executor()));
    if (opened) return "open";
    EXPECT_EQ(opened.error().fault, base::Fault::transient);
    return std::string(name(opened.error().code)) + " " + opened.error().detail;
  }

  live::Loop loop;
  const live::Folder folder;
  live::Authority authority{folder.path()};
  std::unique_ptr<io::Connector> connector = io::tcp_connector();
  std::vector<std::string> said;
};

const std::string kPlain = "AUTH PLAIN AHN1cHBvcnQAc2VjcmV0";  // support, secret

TEST_F(LoginOverLoopback, EncryptsBeforeTheFirstByteAndReadsThePasswordForEachLogin) {
  const std::vector<std::string> replies = {"220 hi\r\n", "250-mx\r\n250 AUTH PLAIN\r\n",
                                            "535 5.7.8 no\r\n"};
  write(folder.path() / "password", "wrong\n");
  EXPECT_THAT(open("IP:127.0.0.1", replies), HasSubstr("refuses user support: 535 5.7.8 no"));
  write(folder.path() / "password", "secret\n");
  said.clear();
  EXPECT_EQ(open("IP:127.0.0.1", {replies[0], replies[1], "235 2.7.0 welcome\r\n"}), "open");
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[0], "EHLO mx2.example");
  EXPECT_EQ(said[1], kPlain);
}

TEST_F(LoginOverLoopback, AskedForNothingWhereTheCertificateDoesNotHold) {
  write(folder.path() / "password", "secret\n");
  const std::vector<std::string> greeting = {"220 hi\r\n"};
  EXPECT_THAT(open("DNS:another.example", greeting), HasSubstr("tls 127.0.0.1"));
  EXPECT_THAT(open("IP:127.0.0.1", greeting, -3600), HasSubstr("expired"));
  EXPECT_TRUE(said.empty());
}

TEST_F(LoginOverLoopback, WithoutAPasswordThereIsNoConversation) {
  EXPECT_THAT(open("IP:127.0.0.1", {"220 hi\r\n"}), HasSubstr("no such file"));
  EXPECT_TRUE(said.empty());
}

}  // namespace
}  // namespace beredd::remote
