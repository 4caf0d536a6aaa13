// The whole way: a Unix socket, the kernel's credentials, HTTP, a route.

#include "beredd/control/server.h"

#include "caller.h"
#include "control_house.h"
#include "live.h"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <unistd.h>

namespace beredd::control {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ControlServerTest : public ControlHouse {
 protected:
  ControlServerTest() {
    auto listener = io::listen_unix(loop.executor(), socket_path());
    EXPECT_TRUE(listener.ok());
    server.serve(*std::move(listener));
  }
  ~ControlServerTest() override {
    server.stop();
    do {
      loop.context().restart();
    } while (loop.context().poll() > 0);
  }

  std::string socket_path() const { return (folder.path() / "control.sock").string(); }

  // What the server says until it closes.
  std::string ask(const std::string& request) {
    boost::asio::local::stream_protocol::socket client(loop.context());
    client.connect({socket_path()});
    boost::asio::write(client, boost::asio::buffer(request));
    client.non_blocking(true);
    std::string said;
    boost::system::error_code error;
    loop.run_until([&] {
      std::array<char, 4096> buffer;
      const std::size_t count = client.read_some(boost::asio::buffer(buffer), error);
      if (!error) said.append(buffer.data(), count);
      return error == boost::asio::error::eof;
    });
    return said;
  }

  live::Folder folder;
  live::Loop loop;
  ControlServer server{context, modes, watch, handback, loop.executor(), "9.9"};
};

TEST_F(ControlServerTest, KnowsItsOwnUserByTheKernelsWord) {
  const std::string said = ask("GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(said, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(said, HasSubstr("\"version\":\"9.9\""));
}

TEST_F(ControlServerTest, WritesWhoForcedAModeIntoTheHistory) {
  const std::string body = R"({"mode":"fallback"})";
  const std::string said =
      ask("POST /v1/failover/helpdesk/force HTTP/1.1\r\nHost: x\r\nConnection: "
          "close\r\nContent-Length: " +
          std::to_string(body.size()) + "\r\n\r\n" + body);
  EXPECT_THAT(said, StartsWith("HTTP/1.1 200 OK\r\n"));
  const std::string history = ask("GET /v1/failover/history HTTP/1.0\r\n\r\n");
  EXPECT_THAT(history, HasSubstr("forced by " + login_of(::geteuid())));
}

TEST_F(ControlServerTest, StreamsAnExportInChunks) {
  for (int i = 0; i < 300; ++i) accept(letter(std::to_string(i)));
  const std::string said = ask("GET /v1/export HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(said, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(said, testing::EndsWith("\r\n0\r\n\r\n"));
  std::size_t messages = 0;
  for (auto at = said.find("{\"id\":"); at != said.npos; at = said.find("{\"id\":", at + 1))
    ++messages;
  EXPECT_EQ(messages, 300u);
}

}  // namespace
}  // namespace beredd::control
