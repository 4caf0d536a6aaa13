#pragma once
// Keys of tables: big-endian numbers one after the other, so that the order of bytes is the order
// of numbers.

#include <array>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "beredd/base/clock.h"
#include "beredd/base/ids.h"

namespace beredd::store {

class KeyBytes {
 public:
  KeyBytes& u8(std::uint8_t value) { return number(value); }
  KeyBytes& u32(std::uint32_t value) { return number(value); }
  KeyBytes& u64(std::uint64_t value) { return number(value); }
  template <typename Tag>
  KeyBytes& id(base::Id<Tag> value) {
    return number(value.value());
  }
  // Microseconds with the sign bit flipped: a time before 1970 sorts before one after it.
  KeyBytes& time(base::Instant at) {
    return number(static_cast<std::uint64_t>(base::micros(at)) ^ kSign);
  }
  KeyBytes& raw(std::string_view bytes) {
    assert(size_ + bytes.size() <= bytes_.size());
    std::memcpy(bytes_.data() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
    return *this;
  }
  std::string_view view() const { return {bytes_.data(), size_}; }
  operator std::string_view() const { return view(); }  // NOLINT(google-explicit-constructor)

  static constexpr std::uint64_t kSign = std::uint64_t{1} << 63;

 private:
  template <typename Number>
  KeyBytes& number(Number value) {
    std::array<char, sizeof(Number)> out{};
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
      out[i] =
          static_cast<char>(static_cast<unsigned char>(value >> (8 * (sizeof(Number) - 1 - i))));
    }
    return raw({out.data(), out.size()});
  }

  std::array<char, 48> bytes_{};
  std::size_t size_ = 0;
};

// Zero, which names nothing, where a damaged row is too short.
inline std::uint64_t u64_at(std::string_view bytes, std::size_t offset) {
  if (bytes.size() < offset + 8) return 0;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    value = value << 8 | static_cast<unsigned char>(bytes[offset + i]);
  }
  return value;
}

inline base::Instant time_at(std::string_view bytes, std::size_t offset) {
  return base::from_micros(static_cast<std::int64_t>(u64_at(bytes, offset) ^ KeyBytes::kSign));
}

// The least key that is greater than every key that begins with `prefix`; empty: there is none.
inline std::string behind(std::string_view prefix) {
  std::string bound(prefix);
  while (!bound.empty() && static_cast<unsigned char>(bound.back()) == 0xff) bound.pop_back();
  if (!bound.empty())
    bound.back() = static_cast<char>(static_cast<unsigned char>(bound.back()) + 1);
  return bound;
}

}  // namespace beredd::store
