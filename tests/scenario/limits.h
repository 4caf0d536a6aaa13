#pragma once
// A daemon with abuse limits, and clients that strain them, on simulated time.

#include "customer.h"

#include <memory>
#include <string>
#include <string_view>

namespace beredd::scenario {

inline const std::string kEnvelope =
    "MAIL FROM:<a@b.example>\r\nRCPT TO:<support@help.example>\r\n";
inline const std::string kMail = kEnvelope + "DATA\r\nSubject: x\r\n\r\nx\r\n.\r\n";

class Limits : public testing::Test {
 protected:
  ~Limits() override { primary.leave(); }  // before its world ends

  House& open() {
    house = std::make_unique<House>(world, folder, config, primary);
    return *house;
  }

  struct Talk {
    std::string from = "203.0.113.9";
    std::string opening = {};  // said at once
    std::string piece = {};    // said again and again, at most `times`
    base::Duration every{};    // before each piece
    int times = 0;
    std::string closing = {};  // said at the end
  };

  // Talks, then listens until the connection ends or has been silent for a minute.
  io::Task<void> talk(Talk talk, std::shared_ptr<std::string> heard) {
    const io::Address door = House::address();
    auto connector = world.network().connector(talk.from);
    auto stream = co_await connector->connect(world.executor(), door, 30s);
    if (!stream) co_return;
    const auto timer = world.timers().make(world.executor());
    auto said = co_await (*stream)->write(talk.opening, 30s);
    for (int n = 0; said && n < talk.times; ++n) {
      co_await timer->wait(talk.every);
      said = co_await (*stream)->write(talk.piece, 30s);
    }
    if (said) said = co_await (*stream)->write(talk.closing, 30s);
    std::vector<char> buffer(4096);
    for (;;) {
      auto got = co_await (*stream)->read(buffer, 1min);
      if (!got) {
        *heard += got.error().code == base::Code::closed ? "(closed)" : "(silence)";
        co_return;
      }
      heard->append(buffer.data(), *got);
    }
  }
  std::shared_ptr<std::string> begin(Talk what) {
    auto heard = std::make_shared<std::string>();
    io::spawn(world.executor(), talk(std::move(what), heard), "a client");
    world.run_for(1s);
    return heard;
  }
  std::string hear(const std::string& from, const std::string& words) {
    auto heard = begin({.from = from, .opening = words});
    world.run_for(2min);
    return *heard;
  }
  // One who has a place for `how_long` and then delivers a mail.
  std::shared_ptr<std::string> occupy(const std::string& from, base::Duration how_long = 30s) {
    return begin({.from = from,
                  .opening = "EHLO c\r\n" + kEnvelope + "DATA\r\n",
                  .piece = "Subject: x\r\n\r\n",
                  .every = how_long,
                  .times = 1,
                  .closing = "x\r\n.\r\nQUIT\r\n"});
  }
  std::uint64_t limited(std::string_view limit) {
    return house->metrics.counter("beredd_smtp_limited_total", "", base::label("limit", limit))
        .value();
  }
  std::int64_t sessions() { return house->metrics.gauge("beredd_smtp_sessions", "").value(); }

  Folder folder;
  SimulatedPrimary primary;
  simulation::World world{29};
  config::Config config = outage_config();
  std::unique_ptr<House> house;
};

}  // namespace beredd::scenario
