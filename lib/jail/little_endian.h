#pragma once
// Integers as bytes, the lowest first.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace beredd::jail {

template <typename Int>
void put(std::string& out, Int value) {
  std::array<char, sizeof(Int)> raw;
  for (std::size_t byte = 0; byte < sizeof(Int); ++byte) {
    raw[byte] = static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * byte));
  }
  out.append(raw.data(), raw.size());
}

// REQUIRES: `bytes` is long enough.
template <typename Int>
Int get(std::string_view bytes, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t byte = 0; byte < sizeof(Int); ++byte) {
    value |= std::uint64_t{static_cast<unsigned char>(bytes[at + byte])} << (8 * byte);
  }
  return static_cast<Int>(value);
}

}  // namespace beredd::jail
