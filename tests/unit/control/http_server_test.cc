#include "beredd/control/http_server.h"

#include "simulation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// g++ 12 takes the coroutine frame's own operator new for the global one once both are inlined.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace beredd::control {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

const io::Address kAt{"control.test", 80};

class HttpServerTest : public testing::Test {
 protected:
  void serve(Handler handler, HttpLimits limits = {}) {
    server.emplace(world.executor(), std::move(handler), limits);
    server->serve(world.network().listen(kAt));
  }

  // Sends `bytes` and reads until the server closes, or nothing more comes for a while.
  std::string talk(const std::string& bytes) {
    auto said = world.run(converse(bytes));
    return said.value_or("no end");
  }

  io::Task<std::string> converse(std::string bytes) {
    auto stream = co_await connector->connect(world.executor(), kAt, 1s);
    if (!stream) co_return "no connection";
    const auto written = co_await (*stream)->write(bytes, 1s);
    std::string all = written ? "" : "not written";
    for (;;) {
      std::array<char, 1000> buffer;
      const auto count = co_await (*stream)->read(buffer, 30s);
      if (!count) {
        all += count.error().code == base::Code::closed ? "|closed" : "|open";
        (*stream)->close();
        co_return all;
      }
      all.append(buffer.data(), *count);
    }
  }

  simulation::World world{11};
  std::unique_ptr<io::Connector> connector = world.network().connector();
  std::optional<HttpServer> server;
};

io::Task<HttpResponse> echo(HttpRequest request) {
  co_return HttpResponse{
      200, "text/plain", request.method + " " + request.path + " " + request.body, {}};
}

// Pieces "one", "two", and then the end or a failure.
Handler in_pieces(bool fails) {
  return [fails](HttpRequest) -> io::Task<HttpResponse> {
    HttpResponse response{200, "text/plain", {}, {}};
    auto step = std::make_shared<int>(0);
    response.pieces = [step, fails]() -> io::Task<base::Result<std::string>> {
      const int now = (*step)++;
      if (now == 0) co_return std::string("one");
      if (now == 1) co_return std::string("two");
      if (fails) co_return base::transient(base::Code::io, "the disk is gone");
      co_return std::string();
    };
    co_return response;
  };
}

TEST_F(HttpServerTest, AnswersOneRequestAfterTheOther) {
  serve(echo);
  const std::string said = talk(
      "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
      "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody");
  EXPECT_THAT(said, HasSubstr("\r\n\r\nGET /a HTTP/1.1 200 OK"));
  EXPECT_THAT(said, EndsWith("POST /b body|open"));
}

TEST_F(HttpServerTest, ClosesWhenTheClientWantsIt) {
  serve(echo);
  EXPECT_THAT(talk("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              EndsWith("GET /a |closed"));
  EXPECT_THAT(talk("GET /a HTTP/1.0\r\n\r\n"), EndsWith("GET /a |closed"));
}

TEST_F(HttpServerTest, SendsPiecesAsChunks) {
  serve(in_pieces(false));
  EXPECT_THAT(talk("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
              EndsWith("\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n|open"));
}

TEST_F(HttpServerTest, SendsPiecesPlainlyToAnOldClient) {
  serve(in_pieces(false));
  EXPECT_THAT(talk("GET / HTTP/1.0\r\n\r\n"), EndsWith("\r\n\r\nonetwo|closed"));
}

TEST_F(HttpServerTest, CutsTheConnectionWhenAPieceFails) {
  serve(in_pieces(true));
  EXPECT_THAT(talk("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
              EndsWith("3\r\none\r\n3\r\ntwo\r\n|closed"));
}

TEST_F(HttpServerTest, TellsWhoSendsNonsenseAndCloses) {
  serve(echo);
  const std::string said = talk("HELO there\r\n\r\n");
  EXPECT_THAT(said, StartsWith("HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_THAT(said, HasSubstr("\"code\":\"invalid\""));
  EXPECT_THAT(said, EndsWith("|closed"));
}

TEST_F(HttpServerTest, HasNoPatienceForASlowRequest) {
  HttpLimits limits;
  limits.read = 5s;
  serve(echo, limits);
  EXPECT_EQ(talk("GET / HTTP/1.1\r\nHo"), "|closed");
}

TEST_F(HttpServerTest, TakesNoMoreConnectionsThanItIsTold) {
  HttpLimits limits;
  limits.connections = 1;
  serve(echo, limits);
  auto first = world.run(connector->connect(world.executor(), kAt, 1s));
  world.run_for(1s);
  EXPECT_EQ(talk("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), "|closed");
  (**first)->close();
  world.run_for(1s);
  EXPECT_THAT(talk("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(HttpServerTest, EndsEveryConnectionWhenItStops) {
  serve(echo);
  auto stream = world.run(connector->connect(world.executor(), kAt, 1s));
  world.run_for(1s);
  server->stop();
  world.run_for(1s);
  std::array<char, 10> buffer;
  const auto count = world.run((**stream)->read(buffer, 5s));
  EXPECT_EQ(count->error().code, base::Code::closed);
  EXPECT_EQ(talk("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), "no connection");
}

}  // namespace
}  // namespace beredd::control
