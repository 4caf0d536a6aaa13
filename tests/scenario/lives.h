#pragma once
// The daemon's lives, one after the other, on one store and beside one primary.

#include "house.h"

namespace beredd::scenario {

class Lives : public testing::Test {
 protected:
  explicit Lives(std::uint64_t dice) : seed(dice) {}
  void SetUp() override { born(); }
  void TearDown() override { die(); }

  void born() {
    world = std::make_unique<simulation::World>(seed, at);
    house = std::make_unique<House>(*world, folder, config, primary);
  }
  // A crash; the world's time goes on with the next life.
  void die() {
    primary.leave();
    house.reset();
    at = world->clock().now();
    world.reset();
  }

  const std::uint64_t seed;
  base::Instant at{std::chrono::seconds(1'795'000'000)};
  Folder folder;
  config::Config config = outage_config();
  SimulatedPrimary primary;
  std::unique_ptr<simulation::World> world;
  std::unique_ptr<House> house;
};

}  // namespace beredd::scenario
