// SCRAM against libgsasl's server; PLAIN and LOGIN have their transcripts in tests/data/smtp.

#include "login_server.h"
#include "sasl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::smtp {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Credentials kSupport{"support",
                           "corr\xC3\xA9"
                           "ct horse"};

class Login : public ::testing::Test {
 protected:
  Login() {
    ClientOptions options;
    options.helo = "me.example";
    options.tls = TlsPolicy::implicit;
    options.credentials = kSupport;
    session.emplace(options);
  }

  // What the session says next, without CRLF; "" when it is ready or over.
  std::string hear(const std::string& bytes) {
    session->receive(bytes + "\r\n");
    std::string said;
    for (;;) {
      const ClientEvent event = session->next();
      if (const auto* send = std::get_if<Send>(&event)) {
        said += send->bytes.substr(0, send->bytes.size() - 2);
      } else {
        if (std::holds_alternative<Ready>(event)) ready = true;
        if (const auto* over = std::get_if<Over>(&event)) why = over->why;
        if (!std::holds_alternative<Ready>(event)) return said;
      }
    }
  }
  // Up to the client's first message.
  std::string begin(const std::string& mechanisms) {
    EXPECT_EQ(hear("220 hi"), "EHLO me.example");
    return hear("250-mx\r\n250 AUTH " + mechanisms);
  }
  // The whole of SCRAM; `forge` may change the server's last word.
  void scram(LoginServer& server, const std::string& mechanism,
             const std::function<std::string(std::string)>& forge = {}) {
    const std::string first = begin("PLAIN " + mechanism + " LOGIN");
    ASSERT_TRUE(first.starts_with("AUTH " + mechanism + " ")) << first;
    const auto challenge = server.step(first.substr(6 + mechanism.size()));
    ASSERT_TRUE(challenge.has_value());
    const std::string proof = hear("334 " + *challenge);
    if (proof == "*") return (void)hear("501 broken off");
    auto signature = server.step(proof);
    if (!signature) return (void)hear("535 5.7.8 wrong");
    if (forge) signature = forge(*signature);
    const std::string last = hear("334 " + *signature);
    if (last == "*") return (void)hear("501 broken off");
    EXPECT_EQ(last, "");
    hear("235 2.7.0 welcome");
  }

  std::optional<ClientSession> session;
  bool ready = false;
  std::string why;
};

struct Scram : Login, ::testing::WithParamInterface<const char*> {};

TEST_P(Scram, LogsInWhereBothKnowThePassword) {
  LoginServer server(GetParam(), kSupport.password.c_str());
  scram(server, GetParam());
  EXPECT_TRUE(ready) << why;
  EXPECT_TRUE(server.done);
}

TEST_P(Scram, SaysWhomTheServerRefuses) {
  LoginServer server(GetParam(), "another");
  scram(server, GetParam());
  EXPECT_FALSE(ready);
  EXPECT_EQ(why, "refuses user support: 535 5.7.8 wrong");
}

TEST_P(Scram, BreaksOffWhereTheServersSignatureIsForged) {
  LoginServer server(GetParam(), kSupport.password.c_str());
  // "v=" and base64 of something else of any length.
  scram(server, GetParam(), [](const std::string&) { return std::string("dj1BQUFBQUFBQQ=="); });
  EXPECT_FALSE(ready);
  EXPECT_THAT(why, HasSubstr("the login of support was broken off"));
}

TEST_P(Scram, BreaksOffWhereTheSignatureOfAnotherExchangeIsPlayedAgain) {
  LoginServer other(GetParam(), kSupport.password.c_str());
  auto client = SaslClient::start(GetParam(), kSupport);
  ASSERT_TRUE(client.ok());
  const auto proof = client->answer(*other.step(*client->answer("")));
  const auto signature = other.step(*proof);
  LoginServer server(GetParam(), kSupport.password.c_str());
  scram(server, GetParam(), [&](const std::string&) { return *signature; });
  EXPECT_FALSE(ready);
  EXPECT_THAT(why, HasSubstr("does not prove that it knows the password"));
}

TEST_P(Scram, IsNotDoneBeforeTheServerHasProvedItself) {
  LoginServer server(GetParam(), kSupport.password.c_str());
  const std::string first = begin(GetParam());
  const auto challenge = server.step(first.substr(first.rfind(' ') + 1));
  hear("334 " + *challenge);
  hear("235 2.7.0 welcome");
  EXPECT_FALSE(ready);
  EXPECT_THAT(why, HasSubstr("before it has proved that it knows the password"));
}

TEST_P(Scram, TakesNoFewRoundsAndNoEndlessWork) {
  for (const char* rounds : {"1", "4095", "600001"}) {
    LoginServer server(GetParam(), kSupport.password.c_str(), rounds);
    auto client = SaslClient::start(GetParam(), kSupport);
    ASSERT_TRUE(client.ok());
    const auto answer = client->answer(*server.step(*client->answer("")));
    ASSERT_FALSE(answer.ok());
    EXPECT_THAT(answer.error().detail, HasSubstr(std::string("asks for ") + rounds + " rounds"));
  }
}

INSTANTIATE_TEST_SUITE_P(Both, Scram, ::testing::Values("SCRAM-SHA-1", "SCRAM-SHA-256"),
                         [](const auto& one) {
                           return one.index == 0 ? std::string("Sha1") : std::string("Sha256");
                         });

TEST(Mechanisms, TheStrongestOfThoseOfferedIsTaken) {
  const auto best = [](std::vector<std::string> offered,
                       std::vector<std::string_view> refused = {}) {
    return strongest_mechanism(offered, refused).value_or("");
  };
  EXPECT_EQ(best({"LOGIN", "PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"}), "SCRAM-SHA-256");
  EXPECT_EQ(best({"LOGIN", "PLAIN", "SCRAM-SHA-1"}), "SCRAM-SHA-1");
  EXPECT_EQ(best({"login", "plain"}), "PLAIN");
  EXPECT_EQ(best({"LOGIN"}), "LOGIN");
  EXPECT_EQ(best({"SCRAM-SHA-256-PLUS", "GSSAPI", "CRAM-MD5", "XOAUTH2"}), "");
  EXPECT_EQ(best({"SCRAM-SHA-256", "PLAIN"}, {"SCRAM-SHA-256"}), "PLAIN");
  EXPECT_EQ(best({}), "");
}

TEST(Mechanisms, ScramSendsNoPassword) {
  for (const char* mechanism : {"SCRAM-SHA-1", "SCRAM-SHA-256"}) {
    const Credentials known{"support", "secret"};
    LoginServer server(mechanism, "secret");
    auto client = SaslClient::start(mechanism, known);
    ASSERT_TRUE(client.ok());
    const auto first = client->answer("");
    const auto proof = client->answer(*server.step(*first));
    ASSERT_TRUE(proof.ok());
    for (const auto& said : {*first, *proof}) {
      char* raw = nullptr;
      std::size_t size = 0;
      ASSERT_EQ(gsasl_base64_from(said.data(), said.size(), &raw, &size), GSASL_OK);
      EXPECT_THAT(std::string(raw, size), Not(HasSubstr("secret")));
      gsasl_free(raw);
    }
  }
}

TEST(Mechanisms, AnEmptyPasswordAndANulAreNoCredentials) {
  const std::string nul("a\0b", 3);
  for (const Credentials& wrong : {Credentials{"support", ""}, Credentials{"", "secret"},
                                   Credentials{"support", nul}, Credentials{nul, "secret"}}) {
    EXPECT_FALSE(SaslClient::start("PLAIN", wrong).ok());
  }
  EXPECT_FALSE(SaslClient::start("GSSAPI", kSupport).ok());
}

TEST(Mechanisms, JunkForAChallengeIsAnError) {
  for (const char* mechanism : {"SCRAM-SHA-1", "SCRAM-SHA-256"}) {
    for (const char* junk : {"", "!", "bm8=", "cj0saT0=", "cj1hLHM9LGk9NDA5Ng==", "ZT1ub3BlCg=="}) {
      auto client = SaslClient::start(mechanism, kSupport);
      ASSERT_TRUE(client.ok() && client->answer("").ok());
      EXPECT_FALSE(client->answer(junk).ok()) << mechanism << " " << junk;
      EXPECT_FALSE(client->complete());
    }
  }
}

}  // namespace
}  // namespace beredd::smtp
