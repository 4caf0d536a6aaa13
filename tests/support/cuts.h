#pragma once
// Ways to cut a stream into the pieces in which a network may deliver it.

#include <algorithm>
#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

namespace beredd::testing {

using Pieces = std::vector<std::string_view>;

inline Pieces in_one(std::string_view bytes) { return {bytes}; }

inline Pieces byte_by_byte(std::string_view bytes) {
  Pieces pieces;
  for (std::size_t i = 0; i < bytes.size(); ++i) pieces.push_back(bytes.substr(i, 1));
  return pieces;
}

inline Pieces at_random(std::string_view bytes, std::uint64_t seed) {
  std::mt19937_64 dice(seed);
  Pieces pieces;
  while (!bytes.empty()) {
    const std::size_t length =
        std::min<std::size_t>(1 + dice() % (dice() % 4 == 0 ? 40 : 4), bytes.size());
    pieces.push_back(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  return pieces;
}

// Whole, in single bytes, and in `rounds` random ways that repeat from run to run.
inline std::vector<Pieces> every_cut(std::string_view bytes, std::uint64_t rounds = 6) {
  std::vector<Pieces> cuts = {in_one(bytes), byte_by_byte(bytes)};
  for (std::uint64_t seed = 1; seed <= rounds; ++seed) cuts.push_back(at_random(bytes, seed));
  return cuts;
}

}  // namespace beredd::testing
