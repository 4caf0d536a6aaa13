#include "beredd/io/network.h"

#include "live.h"
#include "socket_stream.h"

#include <fstream>

#include <boost/asio/strand.hpp>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace beredd::io {
namespace {

using namespace std::chrono_literals;
using base::Code;

constexpr base::Duration kLong = 20s;

struct NetworkTest : testing::Test {
  live::Loop loop;
  std::unique_ptr<Connector> connector = tcp_connector();

  std::unique_ptr<Listener> listen(const std::string& host, std::uint16_t port = 0) {
    auto listener = listen_tcp(loop.executor(), Address{host, port});
    if (!listener) throw std::runtime_error(listener.error().detail);
    return std::move(*listener);
  }
  base::Result<std::unique_ptr<Stream>> connect(Address to, base::Duration timeout = kLong) {
    return loop.run(connector->connect(loop.executor(), std::move(to), timeout));
  }
};

TEST_F(NetworkTest, ConnectsToAnAddressAndToAName) {
  const auto listener = listen("127.0.0.1");
  EXPECT_NE(listener->local().port, 0);
  EXPECT_TRUE(connect(listener->local()).ok());
  // "localhost" may have ::1 as its first address, where nobody listens: the next one is tried.
  EXPECT_TRUE(connect(Address{"localhost", listener->local().port}).ok());
}

TEST_F(NetworkTest, SaysWhoRefusedTheConnection) {
  const Address gone = listen("127.0.0.1")->local();
  const auto stream = connect(gone);
  ASSERT_FALSE(stream.ok());
  EXPECT_EQ(stream.error().code, Code::unreachable);
  EXPECT_EQ(stream.error().fault, base::Fault::transient);
  EXPECT_EQ(stream.error().detail,
            "127.0.0.1:" + std::to_string(gone.port) + ": connection refused");
}

TEST_F(NetworkTest, SaysThatANameDoesNotExist) {
  const auto stream = connect(Address{"nowhere.invalid", 25});
  ASSERT_FALSE(stream.ok());
  EXPECT_EQ(stream.error().code, Code::unreachable);
  EXPECT_EQ(stream.error().detail.find("nowhere.invalid: "), 0u);
}

// A listener whose backlog is full answers no SYN, as a black hole does.
TEST_F(NetworkTest, TimesOutWhereNobodyAnswers) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&at), size), 0);
  ASSERT_EQ(::listen(fd, 0), 0);
  ASSERT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size), 0);
  const Address to{"127.0.0.1", ntohs(at.sin_port)};
  const auto first = connect(to);  // fills the backlog
  ASSERT_TRUE(first.ok());
  const auto second = connect(to, 20ms);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, Code::timeout);
  ::close(fd);
}

TEST_F(NetworkTest, SaysThatAPortIsInUse) {
  const auto listener = listen("127.0.0.1");
  const auto again = listen_tcp(loop.executor(), listener->local());
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, Code::exists);
  EXPECT_EQ(again.error().detail, "127.0.0.1:" + std::to_string(listener->local().port) +
                                      ": the port is in use (another mail server?)");
}

TEST_F(NetworkTest, RefusesToListenOnWhatIsNoAddressOfThisMachine) {
  const auto name = listen_tcp(loop.executor(), Address{"mail.example", 2525});
  ASSERT_FALSE(name.ok());
  EXPECT_EQ(name.error().code, Code::invalid);
  const auto foreign = listen_tcp(loop.executor(), Address{"192.0.2.1", 0});
  ASSERT_FALSE(foreign.ok());
  EXPECT_EQ(foreign.error().code, Code::invalid);
  EXPECT_EQ(foreign.error().detail, "192.0.2.1:0: this machine has no such address");
}

TEST_F(NetworkTest, ListensForBothFamiliesOnTheUnspecifiedIPv6Address) {
  const auto listener = listen_tcp(loop.executor(), Address{"[::]", 0});
  if (!listener) GTEST_SKIP() << listener.error().detail;
  ASSERT_TRUE(connect(Address{"127.0.0.1", (*listener)->local().port}).ok());
  const auto accepted = loop.run((*listener)->accept());
  ASSERT_TRUE(accepted.ok());
  EXPECT_EQ((*accepted)->peer_address(), "127.0.0.1");
}

TEST_F(NetworkTest, GivesEveryStreamAStrandOfItsOwnEvenFromAListenerOnAStrand) {
  const Executor strand = boost::asio::make_strand(loop.executor());
  auto listener = std::move(*listen_tcp(strand, Address{"127.0.0.1", 0}));
  const auto one = connect(listener->local());
  const auto two = connect(listener->local());
  const auto first = loop.run(listener->accept());
  const auto second = loop.run(listener->accept());
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_NE((*first)->executor(), (*second)->executor());
  EXPECT_NE((*first)->executor(), strand);
  EXPECT_NE((*first)->executor().target<boost::asio::strand<Executor>>(), nullptr);
}

Task<void> accept_into(Listener& listener,
                       std::optional<base::Result<std::unique_ptr<Stream>>>& into) {
  into.emplace(co_await listener.accept());
}

TEST_F(NetworkTest, CloseEndsAnAcceptThatWaits) {
  const auto listener = listen("127.0.0.1");
  std::optional<base::Result<std::unique_ptr<Stream>>> accepted;
  loop.start(accept_into(*listener, accepted));
  loop.context().poll();
  EXPECT_FALSE(accepted);
  listener->close();
  loop.run_until([&] { return accepted.has_value(); });
  ASSERT_FALSE(accepted->ok());
  EXPECT_EQ(accepted->error().code, Code::cancelled);
}

#ifdef __SANITIZE_ADDRESS__
constexpr bool kSanitizerNeedsFiles = true;  // UBSan opens a pipe for every check of a vptr
#else
constexpr bool kSanitizerNeedsFiles = false;
#endif

// While it lives, the process can open no further file.
class NoMoreFiles {
 public:
  NoMoreFiles() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const int next = ::dup(0);
    ::close(next);
    rlimit less = before_;
    less.rlim_cur = static_cast<rlim_t>(next);
    ::setrlimit(RLIMIT_NOFILE, &less);
  }
  ~NoMoreFiles() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

TEST_F(NetworkTest, WaitsOutAShortageOfFileDescriptors) {
  if (kSanitizerNeedsFiles) GTEST_SKIP();
  const auto listener = listen("127.0.0.1");
  const auto client = connect(listener->local());
  ASSERT_TRUE(client.ok());
  std::optional<base::Result<std::unique_ptr<Stream>>> accepted;
  {
    const NoMoreFiles shortage;
    ASSERT_LT(::dup(0), 0);
    loop.start(accept_into(*listener, accepted));
    for (int i = 0; i < 20; ++i) loop.context().poll();
    EXPECT_FALSE(accepted);
  }
  loop.run_until([&] { return accepted.has_value(); });
  EXPECT_TRUE(accepted->ok());
}

TEST_F(NetworkTest, CloseEndsAnAcceptThatWaitsForFileDescriptors) {
  if (kSanitizerNeedsFiles) GTEST_SKIP();
  const auto listener = listen("127.0.0.1");
  const auto client = connect(listener->local());
  std::optional<base::Result<std::unique_ptr<Stream>>> accepted;
  const NoMoreFiles shortage;
  loop.start(accept_into(*listener, accepted));
  for (int i = 0; i < 20; ++i) loop.context().poll();
  ASSERT_FALSE(accepted);
  listener->close();
  loop.run_until([&] { return accepted.has_value(); });
  EXPECT_EQ(accepted->error().code, Code::cancelled);
}

TEST_F(NetworkTest, AdoptsASocketThatListensAndNoOther) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
  const auto deaf = adopt_tcp(loop.executor(), fd);
  ASSERT_FALSE(deaf.ok());
  EXPECT_EQ(deaf.error().code, Code::invalid);
  ASSERT_EQ(::listen(fd, 10), 0);
  const auto listener = adopt_tcp(loop.executor(), fd);
  ASSERT_TRUE(listener.ok()) << listener.error().detail;
  const auto client = connect((*listener)->local());
  ASSERT_TRUE(client.ok());
  EXPECT_TRUE(loop.run((*listener)->accept()).ok());
  EXPECT_FALSE(adopt_tcp(loop.executor(), 0).ok());
}

}  // namespace
}  // namespace beredd::io
