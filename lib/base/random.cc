#include "beredd/base/random.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <mutex>
#include <random>
#include <vector>

#include <sys/random.h>

#include "beredd/base/digest.h"

namespace beredd::base {

std::uint64_t Random::next() {
  std::array<std::byte, 8> bytes{};
  fill(bytes);
  std::uint64_t value = 0;
  for (const std::byte byte : bytes) value = value << 8 | std::to_integer<std::uint64_t>(byte);
  return value;
}

std::uint64_t Random::below(std::uint64_t bound) {
  // Numbers under 2^64 mod bound are thrown away: what is left is a whole multiple of bound.
  const std::uint64_t uneven = (0 - bound) % bound;
  for (;;) {
    const std::uint64_t value = next();
    if (value >= uneven) return value % bound;
  }
}

std::string Random::hex(std::size_t bytes) {
  std::vector<std::byte> raw(bytes);
  fill(raw);
  return to_hex(raw);
}

namespace {

void fill_from_system(std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    // Without entropy there are no keys and no nonces: nothing sensible can go on.
    if (got < 0 && errno != EINTR) std::abort();
    if (got > 0) out = out.subspan(static_cast<std::size_t>(got));
  }
}

// A stock of each thread: a nonce of 12 bytes does not cost a system call. What was given out is
// forgotten here.
class Stock {
 public:
  void take(std::span<std::byte> out) {
    if (left_ < out.size()) {
      fill_from_system(bytes_);
      left_ = bytes_.size();
    }
    const auto taken = std::span(bytes_).subspan(bytes_.size() - left_, out.size());
    std::copy(taken.begin(), taken.end(), out.begin());
    explicit_bzero(taken.data(), taken.size());
    left_ -= out.size();
  }
  static constexpr std::size_t kSize = 1024;

 private:
  std::array<std::byte, kSize> bytes_{};
  std::size_t left_ = 0;
};

}  // namespace

void SystemRandom::fill(std::span<std::byte> out) {
  thread_local Stock stock;
  out.size() <= Stock::kSize / 8 ? stock.take(out) : fill_from_system(out);
}

// The standard fixes every number of mt19937_64, so that a seed printed here repeats anywhere.
struct SeededRandom::State {
  explicit State(std::uint64_t seed) : engine(seed) {}
  std::mutex mutex;
  std::mt19937_64 engine;
};

SeededRandom::SeededRandom(std::uint64_t seed) : state_(std::make_unique<State>(seed)) {}
SeededRandom::~SeededRandom() = default;

void SeededRandom::fill(std::span<std::byte> out) {
  const std::lock_guard lock(state_->mutex);
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i % 8 == 0) word = state_->engine();
    out[i] = static_cast<std::byte>(word >> 56);
    word <<= 8;
  }
}

}  // namespace beredd::base
