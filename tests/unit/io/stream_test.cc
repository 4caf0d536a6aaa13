#include "beredd/io/stream.h"

#include "live.h"
#include "socket_stream.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

namespace beredd::io {
namespace {

using namespace std::chrono_literals;
using base::Code;

constexpr base::Duration kLong = 20s;

struct StreamTest : testing::Test {
  live::Loop loop;
  live::Ends ends = live::connect_ends(loop);
  std::array<char, 1000> buffer{};
};

TEST_F(StreamTest, CarriesBytesBothWays) {
  EXPECT_TRUE(loop.run(ends.client->write("EHLO a\r\n", kLong)).ok());
  EXPECT_EQ(loop.run(live::read_exactly(*ends.server, 8)), "EHLO a\r\n");
  EXPECT_TRUE(loop.run(ends.server->write("250 b\r\n", kLong)).ok());
  EXPECT_EQ(loop.run(live::read_exactly(*ends.client, 7)), "250 b\r\n");
}

TEST_F(StreamTest, ReadsWhatIsThereWithoutWaitingForMore) {
  EXPECT_TRUE(loop.run(ends.client->write("abc", kLong)).ok());
  const auto count = loop.run(ends.server->read(buffer, kLong));
  ASSERT_TRUE(count.ok());
  EXPECT_EQ(*count, 3u);
}

TEST_F(StreamTest, TellsATimeoutFromAPeerThatWentAway) {
  const auto late = loop.run(ends.server->read(buffer, 5ms));
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, Code::timeout);
  EXPECT_EQ(late.error().fault, base::Fault::transient);

  ends.client->close();
  const auto gone = loop.run(ends.server->read(buffer, kLong));
  ASSERT_FALSE(gone.ok());
  EXPECT_EQ(gone.error().code, Code::closed);
}

TEST_F(StreamTest, GoesOnAfterATimeout) {
  EXPECT_FALSE(loop.run(ends.server->read(buffer, 1ms)).ok());
  EXPECT_TRUE(loop.run(ends.client->write("x", kLong)).ok());
  EXPECT_TRUE(loop.run(ends.server->read(buffer, kLong)).ok());
}

TEST_F(StreamTest, HoldsAShortTimeoutAfterALongOne) {
  EXPECT_TRUE(loop.run(ends.client->write("x", kLong)).ok());
  EXPECT_TRUE(loop.run(ends.server->read(buffer, 1h)).ok());  // leaves its timer running
  const auto late = loop.run(ends.server->read(buffer, 5ms));
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, Code::timeout);
}

TEST_F(StreamTest, HoldsALongTimeoutAfterAShortOneWithoutEndingEarly) {
  EXPECT_TRUE(loop.run(ends.client->write("x", kLong)).ok());
  EXPECT_TRUE(loop.run(ends.server->read(buffer, 1ms)).ok());  // its timer rings in the next read
  const auto before = std::chrono::steady_clock::now();
  const auto late = loop.run(ends.server->read(buffer, 30ms));
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, Code::timeout);
  EXPECT_GE(std::chrono::steady_clock::now() - before, 30ms);
}

Task<void> read_into(Stream& stream, std::optional<base::Error>& error) {
  std::array<char, 10> small{};
  const std::span<char> into(small);
  auto count = co_await stream.read(into, kLong);
  if (!count) error = count.error();
}

TEST_F(StreamTest, CloseEndsAWaitingReadAsCancelledAndEveryLaterOperation) {
  std::optional<base::Error> error;
  loop.start(read_into(*ends.server, error));
  loop.context().poll();
  ASSERT_FALSE(error);
  ends.server->close();
  ends.server->close();
  loop.run_until([&] { return error.has_value(); });
  EXPECT_EQ(error->code, Code::cancelled);
  EXPECT_EQ(loop.run(ends.server->read(buffer, kLong)).error().code, Code::cancelled);
  EXPECT_EQ(loop.run(ends.server->write("x", kLong)).error().code, Code::cancelled);
}

Task<void> write_all(Stream& stream, std::string_view bytes, base::Duration timeout,
                     std::optional<base::Status>& status) {
  status.emplace(co_await stream.write(bytes, timeout));
}

TEST_F(StreamTest, WritesMoreThanTheSocketHoldsWhileThePeerReads) {
  const std::string bytes(8'000'000, 'x');
  std::optional<base::Status> written;
  loop.start(write_all(*ends.client, bytes, kLong, written));
  EXPECT_EQ(loop.run(live::read_exactly(*ends.server, bytes.size())), bytes);
  loop.run_until([&] { return written.has_value(); });
  EXPECT_TRUE(written->ok());
}

TEST_F(StreamTest, TimesOutAWriteToAPeerThatDoesNotRead) {
  const std::string bytes(64'000'000, 'x');
  const auto status = loop.run(ends.client->write(bytes, 20ms));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, Code::timeout);
}

TEST_F(StreamTest, WriteToAPeerThatWentAwayIsClosedAndNoSignal) {
  ends.server.reset();
  const std::string bytes(8'000'000, 'x');
  const auto status = loop.run(ends.client->write(bytes, kLong));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, Code::closed);
}

TEST_F(StreamTest, ReadsAndWritesAtOnceEachWithItsOwnTimeout) {
  std::optional<base::Error> read_error;
  loop.start(read_into(*ends.client, read_error));
  const std::string bytes(64'000'000, 'x');
  const auto status = loop.run(ends.client->write(bytes, 10ms));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, Code::timeout);
  EXPECT_FALSE(read_error);
  EXPECT_TRUE(loop.run(ends.server->write("y", kLong)).ok());
  ends.client->close();
  loop.context().poll();
}

Task<void> read_for_ever(Stream& stream, bool& stop, std::size_t& total) {
  std::array<char, 1> small{};
  const std::span<char> into(small);
  while (!stop) {
    auto count = co_await stream.read(into, kLong);
    if (!count) co_return;
    total += *count;
  }
}

Task<void> set(bool& flag) {
  flag = true;
  co_return;
}

TEST_F(StreamTest, AFloodOnOneStreamLetsOthersRun) {
  const std::string bytes(20'000, 'x');
  EXPECT_TRUE(loop.run(ends.client->write(bytes, kLong)).ok());
  bool stop = false;
  std::size_t total = 0;
  loop.start(read_for_ever(*ends.server, stop, total));
  loop.start(set(stop));
  loop.run_until([&] { return stop; });
  EXPECT_LT(total, 1000u);
}

TEST_F(StreamTest, KnowsItsPeerAndItsExecutor) {
  EXPECT_EQ(ends.server->peer_address(), "127.0.0.1");
  EXPECT_EQ(ends.client->peer_address(), "127.0.0.1");
  EXPECT_EQ(ends.client->executor(), loop.executor());
  EXPECT_FALSE(ends.client->secure());
  EXPECT_EQ(ends.client->tls_summary(), "");
}

TEST_F(StreamTest, HasNoPeerCredentialsOverTcp) {
  const auto credentials = peer_credentials(*ends.server);
  ASSERT_FALSE(credentials.ok());
  EXPECT_EQ(credentials.error().code, Code::unsupported);
}

TEST(AddressText, ShowsAMappedIPv4AddressAsWhatItIs) {
  using boost::asio::ip::make_address;
  using boost::asio::ip::tcp;
  EXPECT_EQ(address_text(tcp::endpoint(make_address("::ffff:192.0.2.7"), 25)), "192.0.2.7");
  EXPECT_EQ(address_text(tcp::endpoint(make_address("192.0.2.7"), 25)), "192.0.2.7");
  EXPECT_EQ(address_text(tcp::endpoint(make_address("2001:db8::7"), 25)), "2001:db8::7");
}

}  // namespace
}  // namespace beredd::io
