#include "live.h"
#include "socket_stream.h"

#include <fstream>

#include <boost/asio/local/stream_protocol.hpp>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beredd/io/network.h"

namespace beredd::io {
namespace {

using namespace std::chrono_literals;
using base::Code;
using UnixEndpoint = boost::asio::local::stream_protocol::endpoint;

struct UnixTest : testing::Test {
  live::Loop loop;
  live::Folder folder;
  std::string path = (folder.path() / "control.sock").string();

  std::unique_ptr<Stream> connect() {
    StreamSocket socket(loop.executor());
    socket.connect(UnixEndpoint(path));
    return std::make_unique<SocketStream>(std::move(socket), "unix");
  }
};

TEST_F(UnixTest, CarriesBytesAndKnowsWhoIsThere) {
  const auto listener = listen_unix(loop.executor(), path);
  ASSERT_TRUE(listener.ok()) << listener.error().detail;
  EXPECT_EQ((*listener)->local().host, path);
  const auto client = connect();
  const auto accepted = loop.run((*listener)->accept());
  ASSERT_TRUE(accepted.ok());
  EXPECT_EQ((*accepted)->peer_address(), "unix");
  const auto credentials = peer_credentials(**accepted);
  ASSERT_TRUE(credentials.ok());
  EXPECT_EQ(credentials->uid, ::getuid());
  EXPECT_EQ(credentials->gid, ::getgid());
  EXPECT_TRUE(loop.run(client->write("hello", 20s)).ok());
  EXPECT_EQ(loop.run(live::read_exactly(**accepted, 5)), "hello");
}

TEST_F(UnixTest, IsForOwnerAndGroupWhateverTheUmask) {
  for (const mode_t mask : {mode_t{0}, mode_t{0077}}) {
    const mode_t before = ::umask(mask);
    const auto listener = listen_unix(loop.executor(), path);
    ::umask(before);
    ASSERT_TRUE(listener.ok());
    struct stat found {};
    ASSERT_EQ(::stat(path.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0660u);
  }
}

TEST_F(UnixTest, TakesItsFileAwayAtTheEnd) {
  { const auto listener = listen_unix(loop.executor(), path); }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(UnixTest, ReplacesTheSocketOfAProcessThatIsGone) {
  { boost::asio::local::stream_protocol::acceptor stale(loop.context(), UnixEndpoint(path)); }
  ASSERT_TRUE(std::filesystem::exists(path));
  EXPECT_TRUE(listen_unix(loop.executor(), path).ok());
}

TEST_F(UnixTest, LeavesTheSocketOfAProcessThatListens) {
  const auto first = listen_unix(loop.executor(), path);
  const auto second = listen_unix(loop.executor(), path);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, Code::exists);
  EXPECT_EQ(second.error().detail, path + ": another process listens there");
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(UnixTest, NeverRemovesAFileThatIsNoSocket) {
  std::ofstream(path) << "precious";
  const auto listener = listen_unix(loop.executor(), path);
  ASSERT_FALSE(listener.ok());
  EXPECT_EQ(listener.error().code, Code::exists);
  EXPECT_TRUE(std::filesystem::is_regular_file(path));
}

TEST_F(UnixTest, SaysWhatIsWrongWithAPath) {
  const auto missing = listen_unix(loop.executor(), path + "/no/such/folder");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, Code::invalid);
  const auto too_long = listen_unix(loop.executor(), "/" + std::string(200, 'x'));
  ASSERT_FALSE(too_long.ok());
  EXPECT_EQ(too_long.error().code, Code::invalid);
}

}  // namespace
}  // namespace beredd::io
