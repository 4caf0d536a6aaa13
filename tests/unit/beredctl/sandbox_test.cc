// The sandbox as its neighbours see it: SMTP and HTTP over loopback.

#include "sandbox.h"

#include "live.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// g++ 12 takes the coroutine frame's own operator new for the global one once both are inlined.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace beredd::beredctl {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kMail =
    "EHLO mx2.example.org\r\nMAIL FROM:<ann@example.net> TRANSID=<4f1c.7@mx2.example.org>\r\n"
    "RCPT TO:<support@example.org>\r\nRCPT TO:<anyone@anywhere.example>\r\nDATA\r\n";
const std::string kLetter = "Subject: x\r\n\r\n..dot\r\n";
const std::string kBody = "Subject: x\r\n\r\n...dot\r\n.\r\n";

class SandboxTest : public testing::Test {
 protected:
  void start(Failure fail = Failure::none) {
    SandboxOptions options{
        {"127.0.0.1", port_}, {"127.0.0.1", 0}, folder.path() / "keep", fail, "sandbox.test"};
    box = std::make_unique<Sandbox>(options, loop.executor(), *timers, clock);
    const auto opened = box->open();
    ASSERT_TRUE(opened.ok()) << base::to_string(opened.error());
    port_ = box->smtp().port;
  }
  void stop() {
    box->stop();
    // All that ends it is under way; the clients' own deadlines are not waited for.
    do {
      loop.context().restart();
    } while (loop.context().poll() > 0);
    box.reset();
  }
  void TearDown() override {
    if (box) stop();
  }

  using Stream = std::unique_ptr<io::Stream>;

  base::Result<Stream> connect(const io::Address& to) {
    return loop.run(connector->connect(loop.executor(), to, 20s));
  }
  // Sends `bytes` and reads until `end` was seen, or the connection ended: then "|gone" or
  // "|silent".
  std::string ask(io::Stream& stream, std::string bytes, std::string end,
                  base::Duration patience = 20s) {
    return loop.run(dialogue(stream, std::move(bytes), std::move(end), patience));
  }
  static io::Task<std::string> dialogue(io::Stream& stream, std::string bytes, std::string end,
                                        base::Duration patience) {
    const auto written = co_await stream.write(bytes, 20s);
    std::string said = written ? "" : "|not written";
    while (said.find(end) == said.npos) {
      std::array<char, 4096> buffer;
      const auto count = co_await stream.read(buffer, patience);
      if (!count)
        co_return said + (count.error().code == base::Code::timeout ? "|silent" : "|gone");
      said.append(buffer.data(), *count);
    }
    co_return said;
  }
  std::string http(const std::string& method, const std::string& path) {
    auto stream = connect(box->health());
    return ask(**stream, method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
               "no such end");
  }
  // One mail from the greeting to the last reply.
  std::string send() {
    auto stream = connect(box->smtp());
    if (!stream) return "no connection";
    std::string said = ask(**stream, kMail, "354 ", 20s);
    if (said.find("354 ") == said.npos) return said;
    return said + ask(**stream, kBody + "QUIT\r\n", "221 ");
  }

  std::uint16_t port_ = 0;
  live::Folder folder;
  live::Loop loop;
  std::unique_ptr<io::Timers> timers = io::system_timers();
  base::SystemClock clock;
  std::unique_ptr<io::Connector> connector = io::tcp_connector();
  std::unique_ptr<Sandbox> box;
};

TEST_F(SandboxTest, KeepsMailForAnyRecipientAndLists) {
  start();
  const std::string said = send();
  EXPECT_THAT(said, StartsWith("220 sandbox.test "));
  EXPECT_THAT(said, HasSubstr("250 2.0.0 kept as 0001\r\n"));
  const std::string list = http("GET", "/messages");
  EXPECT_THAT(
      list,
      HasSubstr("[{\"number\":1,\"from\":\"ann@example.net\","
                "\"to\":[\"support@example.org\",\"anyone@anywhere.example\"],"
                "\"helo\":\"mx2.example.org\",\"transaction_id\":\"4f1c.7@mx2.example.org\""));
  EXPECT_THAT(list, HasSubstr("\"sha256\":\"" + base::to_hex(base::sha256(kLetter)) + "\"}]\n"));
}

TEST_F(SandboxTest, KnowsATransactionAgainAlsoAfterARestart) {
  start();
  EXPECT_THAT(send(), HasSubstr("kept as 0001"));
  const std::string known =
      "355 " + std::to_string(kLetter.size()) + " is the transaction offset\r\n";
  auto stream = connect(box->smtp());
  EXPECT_THAT(
      ask(**stream, "EHLO a\r\nMAIL FROM:<ann@example.net> TRANSID=<4f1c.7@mx2.example.org>\r\n",
          "offset\r\n"),
      HasSubstr(known));
  stop();
  start();
  stream = connect(box->smtp());
  EXPECT_THAT(
      ask(**stream, "EHLO a\r\nMAIL FROM:<ann@example.net> TRANSID=<4f1c.7@mx2.example.org>\r\n",
          "offset\r\n"),
      HasSubstr(known));
  EXPECT_THAT(ask(**stream, "MAIL FROM:<ann@example.net> TRANSID=<other@mx2>\r\n", "\r\n"),
              StartsWith("250 2.1.0"));
}

TEST_F(SandboxTest, SaysHowItIs) {
  start();
  EXPECT_THAT(http("GET", "/health"), HasSubstr("200 OK"));
  EXPECT_THAT(http("GET", "/health"), HasSubstr("{\"status\":\"ok\"}"));
  EXPECT_THAT(http("GET", "/nothing"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(http("POST", "/fail/explode"), StartsWith("HTTP/1.1 400"));
}

TEST_F(SandboxTest, RefusesAndComesBackOnTheSamePort) {
  start();
  auto before = connect(box->smtp());
  EXPECT_THAT(ask(**before, "", "220 "), StartsWith("220 "));
  EXPECT_THAT(http("POST", "/fail/refuse"), HasSubstr("{\"fail\":\"refuse\"}"));
  EXPECT_FALSE(connect(box->smtp()).ok());
  EXPECT_THAT(ask(**before, "NOOP\r\n", "250 "), HasSubstr("|gone"));
  EXPECT_THAT(http("GET", "/health"), StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(http("POST", "/fail/none"), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(box->smtp().port, port_);
  EXPECT_THAT(send(), HasSubstr("kept as 0001"));
}

TEST_F(SandboxTest, CanBeginByRefusing) {
  start(Failure::refuse);
  EXPECT_NE(port_, 0);
  EXPECT_FALSE(connect(box->smtp()).ok());
  http("POST", "/fail/none");
  EXPECT_THAT(send(), HasSubstr("kept as 0001"));
}

TEST_F(SandboxTest, HangsUntilItIsTold) {
  start(Failure::hang);
  auto smtp = connect(box->smtp());
  auto health = connect(box->health());
  EXPECT_EQ(ask(**smtp, "", "220 ", 50ms), "|silent");
  EXPECT_EQ(ask(**health, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n", "200 OK", 50ms), "|silent");
  EXPECT_THAT(http("POST", "/fail/none"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(ask(**smtp, "", "220 "), StartsWith("220 "));
  EXPECT_THAT(ask(**health, "", "200 OK"), HasSubstr("200 OK"));
}

TEST_F(SandboxTest, HangsInTheMiddleToo) {
  start();
  auto smtp = connect(box->smtp());
  EXPECT_THAT(ask(**smtp, kMail, "354 "), HasSubstr("354 "));
  http("POST", "/fail/hang");
  EXPECT_EQ(ask(**smtp, kBody, "250 ", 50ms), "|silent");
  http("POST", "/fail/none");
  EXPECT_THAT(ask(**smtp, "", "250 "), HasSubstr("kept as 0001"));
}

TEST_F(SandboxTest, StopsWhileItHangs) {
  start(Failure::hang);
  auto smtp = connect(box->smtp());
  EXPECT_EQ(ask(**smtp, "", "220 ", 50ms), "|silent");
  stop();
  EXPECT_THAT(ask(**smtp, "", "221 "), HasSubstr("|gone"));
}

TEST_F(SandboxTest, DefersOrRejectsRecipients) {
  start(Failure::tempfail);
  auto stream = connect(box->smtp());
  EXPECT_THAT(ask(**stream, kMail, "503 "),
              HasSubstr("451 4.3.2 not now\r\n451 4.3.2 not now\r\n"));
  EXPECT_THAT(http("GET", "/health"), StartsWith("HTTP/1.1 503"));
  http("POST", "/fail/reject");
  stream = connect(box->smtp());
  EXPECT_THAT(ask(**stream, kMail, "503 "),
              HasSubstr("554 5.7.1 not here\r\n554 5.7.1 not here\r\n"));
  EXPECT_THAT(http("GET", "/health"), StartsWith("HTTP/1.1 200"));
}

TEST_F(SandboxTest, DropsAMailWithoutAWord) {
  start(Failure::drop);
  auto stream = connect(box->smtp());
  EXPECT_THAT(ask(**stream, kMail, "354 "), HasSubstr("354 "));
  EXPECT_EQ(ask(**stream, kBody, "250 "), "|gone");
  EXPECT_THAT(http("GET", "/messages"), HasSubstr("\r\n\r\n[]\n"));
  EXPECT_THAT(http("GET", "/health"), StartsWith("HTTP/1.1 200"));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path() / "keep"));
}

TEST_F(SandboxTest, SaysWhenAPortIsTaken) {
  start();
  SandboxOptions options{
      box->smtp(), {"127.0.0.1", 0}, folder.path() / "other", Failure::none, "x"};
  Sandbox second(options, loop.executor(), *timers, clock);
  const auto opened = second.open();
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, base::Code::exists);
}

}  // namespace
}  // namespace beredd::beredctl
