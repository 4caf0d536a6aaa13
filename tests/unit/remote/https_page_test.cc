// A page is taken as MTA-STS wants it: the right host, no redirection, plain text, not too large.

#include "beredd/remote/https_page.h"

#include "certificates.h"
#include "scripted_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// g++ 12 takes the coroutine frame's own operator new for the global one once both are inlined.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace beredd::remote {
namespace {

using namespace std::chrono_literals;
using base::Code;
using testing::HasSubstr;

class Https : public testing::Test {
 protected:
  // The answer of a server that says `reply` to whoever asks, and calls itself `bears`.
  base::Result<std::string> get(std::string reply, const std::string& bears,
                                base::Duration timeout = 20s) {
    const auto files = authority.issue(bears);
    const auto tls = io::server_tls(files.certificate, files.key);
    EXPECT_TRUE(tls.ok());
    ScriptedServer server(loop, [&](io::Stream& stream) { return serve(stream, **tls, reply); });
    HttpsPage page;
    page.host = "mta-sts.example.org";
    page.path = "/.well-known/mta-sts.txt";
    page.addresses = {"127.0.0.1"};
    page.port = server.at().port;
    page.ca_file = authority.file();
    return loop.run(fetch(*pool, page, timeout));
  }
  io::Task<void> serve(io::Stream& stream, io::TlsContext& tls, std::string reply) {
    auto shaken = co_await stream.start_tls_server(tls, kLong);
    if (!shaken) co_return;
    char buffer[4096];
    const std::span<char> room(buffer);
    auto got = co_await stream.read(room, kLong);
    if (!got) co_return;
    request.assign(buffer, *got);
    if (reply.empty()) {  // silence, until the client has gone
      got = co_await stream.read(room, kLong);
      co_return;
    }
    auto written = co_await stream.write(reply, kLong);
    static_cast<void>(written.ok());
    stream.close();
  }
  static std::string page_of(const std::string& type, const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: " + type +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  const std::string names = "DNS:mta-sts.example.org";
  live::Loop loop;
  live::Folder folder;
  live::Authority authority{folder.path()};
  std::unique_ptr<io::BlockingPool> pool = io::thread_pool(1);
  std::string request;
};

TEST_F(Https, GivesThePageOfTheHostAtTheAddressThatWasLookedUp) {
  const auto page = get(page_of("text/plain; charset=utf-8", "version: STSv1\n"), names);
  ASSERT_TRUE(page.ok()) << page.error().detail;
  EXPECT_EQ(*page, "version: STSv1\n");
  EXPECT_THAT(request, testing::StartsWith("GET /.well-known/mta-sts.txt HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("Host: mta-sts.example.org"));
}

TEST_F(Https, RefusesTheCertificateOfAnotherHost) {
  const auto page = get(page_of("text/plain", "x"), "DNS:www.example.org");
  ASSERT_FALSE(page.ok());
  EXPECT_EQ(page.error().code, Code::tls);
}

TEST_F(Https, FollowsNoRedirection) {
  const auto page =
      get("HTTP/1.1 301 Moved\r\nLocation: https://www.example.org/\r\nContent-Length: 0\r\n\r\n",
          names);
  ASSERT_FALSE(page.ok());
  EXPECT_EQ(page.error().code, Code::refused);
  EXPECT_THAT(page.error().detail, HasSubstr("HTTP 301"));
}

TEST_F(Https, TakesNothingButPlainText) {
  const auto page = get(page_of("text/html", "<html>"), names);
  ASSERT_FALSE(page.ok());
  EXPECT_EQ(page.error().code, Code::refused);
  EXPECT_THAT(page.error().detail, HasSubstr("\"text/html\", not text/plain"));
}

TEST_F(Https, TakesNoMoreThan64KiB) {
  const auto page = get(page_of("text/plain", std::string(64 * 1024 + 1, 'x')), names);
  ASSERT_FALSE(page.ok());
  EXPECT_EQ(page.error().code, Code::too_large);
}

TEST_F(Https, GivesUpOnASilentServerWhenItsTimeIsOver) {
  const auto page = get("", names, 500ms);
  ASSERT_FALSE(page.ok());
  EXPECT_EQ(page.error().code, Code::timeout);
}

TEST_F(Https, SaysThatNobodyAnswers) {
  std::uint16_t port = 0;
  {
    const ScriptedServer gone(loop, [](io::Stream&) -> io::Task<void> { co_return; });
    port = gone.at().port;
  }
  HttpsPage page;
  page.host = "mta-sts.example.org";
  page.addresses = {"127.0.0.1"};
  page.port = port;
  const auto fetched = loop.run(fetch(*pool, page, 20s));
  ASSERT_FALSE(fetched.ok());
  EXPECT_EQ(fetched.error().code, Code::unreachable);
}

}  // namespace
}  // namespace beredd::remote
