#pragma once
// A client on the simulated network that says exactly what a test gives it, each piece in a packet
// of its own.

#include "customer.h"

#include <string>
#include <utility>
#include <vector>

namespace beredd::scenario {

// Then listens until the connection ends, "(closed)", or has been silent for a minute, "(silence)".
inline io::Task<std::string> say_in_packets(simulation::World& world, std::string from,
                                            io::Address door, std::vector<std::string> packets) {
  const auto connector = world.network().connector(from);
  auto stream = co_await connector->connect(world.executor(), door, 30s);
  if (!stream) co_return "no connection";
  const auto pause = world.timers().make(world.executor());
  for (const std::string& packet : packets) {
    auto said = co_await (*stream)->write(packet, 30s);
    if (!said) co_return "not heard";
    co_await pause->wait(50ms);
  }
  std::string heard;
  std::vector<char> buffer(4096);
  for (;;) {
    auto got = co_await (*stream)->read(buffer, 1min);
    if (!got) co_return heard + (got.error().code == base::Code::closed ? "(closed)" : "(silence)");
    heard.append(buffer.data(), *got);
  }
}

inline std::string hear_in_packets(simulation::World& world, const std::string& from,
                                   std::vector<std::string> packets,
                                   const io::Address& door = House::address()) {
  return world.run(say_in_packets(world, from, door, std::move(packets)), 2h).value_or("nothing");
}

}  // namespace beredd::scenario
