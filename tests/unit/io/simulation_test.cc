#include "simulation.h"

#include <gtest/gtest.h>

namespace beredd::simulation {
namespace {

using namespace std::chrono_literals;
using base::Code;

constexpr base::Duration kLong = 1h;
const io::Address kServer{"primary.test", 25};

io::Task<std::string> read_some(io::Stream& stream, base::Duration timeout) {
  std::string bytes(1000, '\0');
  const std::span<char> into(bytes);
  auto count = co_await stream.read(into, timeout);
  co_return count.ok() ? bytes.substr(0, *count) : std::string(name(count.error().code));
}

io::Task<std::string> write_words(io::Stream& stream, std::string bytes, base::Duration timeout) {
  auto status = co_await stream.write(bytes, timeout);
  co_return status.ok() ? "ok" : std::string(name(status.error().code));
}

struct SimulationTest : testing::Test {
  World world{1};
  std::unique_ptr<io::Connector> connector = world.network().connector("192.0.2.9");
  std::unique_ptr<io::Listener> listener;
  std::unique_ptr<io::Stream> client, server;

  base::Result<std::unique_ptr<io::Stream>> connect(base::Duration timeout = kLong) {
    return *world.run(connector->connect(world.executor(), kServer, timeout));
  }
  void connect_both() {
    listener = world.network().listen(kServer);
    client = std::move(*connect());
    server = std::move(**world.run(listener->accept()));
  }
  std::string read(io::Stream& stream, base::Duration timeout = kLong) {
    return *world.run(read_some(stream, timeout));
  }
  std::string write(io::Stream& stream, std::string bytes, base::Duration timeout = kLong) {
    return *world.run(write_words(stream, std::move(bytes), timeout));
  }
};

io::Task<void> note_when(io::Timer& timer, base::Duration time, World& world,
                         std::vector<std::string>& log, std::string name) {
  const base::Instant start = world.clock().now();
  const bool passed = co_await timer.wait(time);
  log.push_back(name + (passed ? " passed " : " woken ") +
                base::to_string(base::Duration(world.clock().now() - start)));
}

TEST_F(SimulationTest, TimePassesOnlyWhenRunAndInOrder) {
  std::vector<std::string> log;
  const auto late = world.timers().make(world.executor());
  const auto early = world.timers().make(world.executor());
  io::spawn(world.executor(), note_when(*late, 2h, world, log, "late"), "late");
  io::spawn(world.executor(), note_when(*early, 1h, world, log, "early"), "early");
  world.run_for(59min);
  EXPECT_TRUE(log.empty());
  world.run_for(48h);
  EXPECT_EQ(log, (std::vector<std::string>{"early passed 1h", "late passed 2h"}));
}

TEST_F(SimulationTest, AWakeIsStickyAndEndsAWait) {
  std::vector<std::string> log;
  const auto timer = world.timers().make(world.executor());
  timer->wake();
  io::spawn(world.executor(), note_when(*timer, 2h, world, log, "first"), "first");
  world.run_for(0s);
  io::spawn(world.executor(), note_when(*timer, 2h, world, log, "second"), "second");
  world.run_for(1min);
  timer->wake();
  world.run_for(0s);
  EXPECT_EQ(log, (std::vector<std::string>{"first woken 0s", "second woken 1m"}));
}

TEST_F(SimulationTest, CarriesBytesAndNamesThePeer) {
  connect_both();
  EXPECT_EQ(server->peer_address(), "192.0.2.9");
  EXPECT_EQ(client->peer_address(), "primary.test");
  EXPECT_EQ(write(*client, "EHLO"), "ok");
  EXPECT_EQ(read(*server), "EHLO");
  EXPECT_EQ(write(*server, "250"), "ok");
  EXPECT_EQ(read(*client), "250");
}

TEST_F(SimulationTest, TimesOutOnSimulatedTime) {
  connect_both();
  const base::Instant before = world.clock().now();
  EXPECT_EQ(read(*server, 5min), "timeout");
  EXPECT_EQ(world.clock().now() - before, 5min);
}

TEST_F(SimulationTest, RefusesWhereNobodyListensAndWhereItIsTold) {
  EXPECT_EQ(connect().error().code, Code::unreachable);
  listener = world.network().listen(kServer);
  world.network().set_faults(kServer, {.refuse = true});
  EXPECT_EQ(connect().error().code, Code::unreachable);
  world.network().set_faults(kServer, {});
  EXPECT_TRUE(connect().ok());
}

TEST_F(SimulationTest, ABlackHoleAnswersNothingAndLetsGoAtItsEnd) {
  connect_both();
  world.network().set_faults(kServer, {.hang = true});
  EXPECT_EQ(connect(30s).error().code, Code::timeout);
  EXPECT_EQ(write(*client, "lost?"), "ok");
  EXPECT_EQ(read(*server, 1min), "timeout");
  world.network().set_faults(kServer, {});
  EXPECT_EQ(read(*server, 1min), "lost?");
}

TEST_F(SimulationTest, AConnectIsTriedOnWhileTheHoleLasts) {
  listener = world.network().listen(kServer);
  world.network().set_faults(kServer, {.hang = true});
  world.schedule().at(world.clock().now() + 10s, [&] { world.network().set_faults(kServer, {}); });
  EXPECT_TRUE(connect(1min).ok());
}

TEST_F(SimulationTest, LatencyDelaysEachWayAndKeepsTheOrder) {
  connect_both();
  world.network().set_faults(kServer, {.latency = 100ms});
  const base::Instant before = world.clock().now();
  EXPECT_EQ(write(*client, "one "), "ok");
  world.network().set_faults(kServer, {});
  EXPECT_EQ(write(*client, "two"), "ok");
  world.run_for(100ms);
  EXPECT_EQ(read(*server), "one two");
  EXPECT_EQ(world.clock().now() - before, 100ms);
}

TEST_F(SimulationTest, BreaksAConnectionAfterSoManyBytesToTheClient) {
  connect_both();
  world.network().set_faults(kServer, {.cut_to_client = 5});
  EXPECT_EQ(write(*server, "250 OK\r\n"), "ok");
  EXPECT_EQ(read(*client), "250 O");
  EXPECT_EQ(read(*client), "closed");
  EXPECT_EQ(write(*client, "QUIT"), "closed");
  EXPECT_EQ(read(*server), "closed");
}

TEST_F(SimulationTest, BreaksAConnectionAfterSoManyBytesToTheServer) {
  connect_both();
  world.network().set_faults(kServer, {.cut_to_server = 6});
  EXPECT_EQ(write(*client, "DATA"), "ok");
  EXPECT_EQ(write(*client, "\r\nmore"), "ok");
  EXPECT_EQ(write(*client, "x"), "closed");
  EXPECT_EQ(read(*server), "DATA\r\n");
  EXPECT_EQ(read(*server), "closed");
  EXPECT_EQ(write(*server, "354"), "closed");
}

TEST_F(SimulationTest, BreaksAConnectionWhenATextHasPassedInPieces) {
  connect_both();
  world.network().set_faults(kServer, {.cut_after_text = "\r\n.\r\n"});
  EXPECT_EQ(write(*client, "body\r\n."), "ok");
  EXPECT_EQ(read(*server), "body\r\n.");
  EXPECT_EQ(write(*client, "\r\nMAIL"), "ok");
  EXPECT_EQ(read(*server), "\r\n");
  EXPECT_EQ(read(*server), "closed");
  EXPECT_EQ(read(*client), "closed");
}

TEST_F(SimulationTest, CutsEveryConnectionThatIsThere) {
  connect_both();
  EXPECT_EQ(world.network().connections(kServer), 1u);
  world.network().cut(kServer);
  EXPECT_EQ(read(*client), "closed");
  EXPECT_EQ(write(*server, "x"), "closed");
  client.reset();
  server.reset();
  EXPECT_EQ(world.network().connections(kServer), 0u);
}

TEST_F(SimulationTest, HoldsBackAWriterWhoseReaderDoesNotRead) {
  connect_both();
  const std::string much(Pipe::kCapacity + 1, 'x');
  EXPECT_EQ(write(*client, much, 1min), "timeout");
}

TEST_F(SimulationTest, AClosedEndIsCancelledHereAndClosedThere) {
  connect_both();
  EXPECT_EQ(write(*client, "bye"), "ok");
  client->close();
  EXPECT_EQ(read(*client), "cancelled");
  EXPECT_EQ(write(*client, "x"), "cancelled");
  EXPECT_EQ(read(*server), "bye");
  EXPECT_EQ(read(*server), "closed");
  EXPECT_EQ(write(*server, "x"), "closed");
}

io::Task<void> serve_tls(io::Stream& stream, TlsContext& context) {
  std::ignore = co_await stream.start_tls_server(context, kLong);
}

TEST_F(SimulationTest, ShakesHandsAndCanBeToldNotToVerify) {
  connect_both();
  TlsContext context;
  io::spawn(world.executor(), serve_tls(*server, context), "server");
  EXPECT_TRUE(world.run(client->start_tls_client(context, "primary.test", kLong))->ok());
  EXPECT_TRUE(client->secure() && server->secure());

  auto other = std::move(*connect());
  auto theirs = std::move(**world.run(listener->accept()));
  world.network().set_faults(kServer, {.tls_failure = "certificate has expired"});
  io::spawn(world.executor(), serve_tls(*theirs, context), "server");
  const auto status = *world.run(other->start_tls_client(context, "primary.test", kLong));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().detail, "certificate has expired");
}

TEST_F(SimulationTest, ASideThatSpeaksInsteadOfShakingHandsIsFoundOut) {
  connect_both();
  TlsContext context;
  EXPECT_EQ(write(*client, "EHLO a\r\n"), "ok");
  const auto status = *world.run(server->start_tls_server(context, kLong));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, Code::tls);
}

std::string fragments_of(std::uint64_t seed) {
  World world(seed);
  const auto listener = world.network().listen(kServer);
  const auto connector = world.network().connector();
  world.network().set_faults(kServer, {.fragment = true});
  auto client = std::move(**world.run(connector->connect(world.executor(), kServer, kLong)));
  auto server = std::move(**world.run(listener->accept()));
  std::ignore = world.run(write_words(*client, std::string(5000, 'x'), kLong));
  std::string sizes;
  for (std::size_t sum = 0; sum < 5000;) {
    const std::string piece = *world.run(read_some(*server, kLong));
    sum += piece.size();
    sizes += std::to_string(piece.size()) + " ";
  }
  return sizes;
}

TEST(Simulation, GivesTheSameRunForTheSameSeedAndAnotherForAnother) {
  EXPECT_EQ(fragments_of(1), fragments_of(1));
  EXPECT_NE(fragments_of(1), fragments_of(2));
}

TEST(Simulation, EndsWithCoroutinesThatStillWait) {
  const auto world = std::make_unique<World>(1);
  const auto listener = world->network().listen(kServer);
  const auto connector = world->network().connector();
  auto client = std::move(**world->run(connector->connect(world->executor(), kServer, kLong)));
  auto forever = [](std::unique_ptr<io::Stream> stream) -> io::Task<void> {
    std::ignore = co_await read_some(*stream, kLong);
  };
  // The end of the stream is under way for an hour when the world ends.
  world->network().set_faults(kServer, {.latency = 1h});
  auto leaving = std::move(**world->run(connector->connect(world->executor(), kServer, 24h)));
  leaving.reset();
  io::spawn(world->executor(), forever(std::move(client)), "waits for ever");
  world->run_for(1s);
  SUCCEED();  // the sanitizers look
}

}  // namespace
}  // namespace beredd::simulation
