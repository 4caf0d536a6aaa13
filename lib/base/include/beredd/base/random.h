#pragma once
// Dice as a port: the system's for the daemon, a seeded generator for tests that must repeat.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace beredd::base {

// Any thread.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::byte> out) = 0;

  std::uint64_t next();                      // uniform over 64 bits
  std::uint64_t below(std::uint64_t bound);  // uniform in [0, bound); bound > 0
  std::string hex(std::size_t bytes);        // 2 * bytes lower-case digits
};

// The kernel's generator (getrandom), fit for keys.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override;
};

// The same sequence for the same seed, on every platform. Any thread. Never for keys.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed);
  ~SeededRandom() override;
  void fill(std::span<std::byte> out) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace beredd::base
