#pragma once
// MAPI properties as a TNEF stream carries them (MS-OXTNEF §2.1.3.3), and the bytes of both.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace beredd::mail {

// Takes little-endian numbers and runs of bytes from the front. What is not there makes it fail,
// once and for all.
class LittleEndian {
 public:
  explicit LittleEndian(std::string_view bytes) : rest_(bytes) {}
  bool failed() const { return failed_; }
  bool empty() const { return rest_.empty(); }
  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return number(4); }
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) {
      failed_ = true;
      rest_ = {};
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  // `size` bytes and what fills them up to a multiple of four, of which the last may be cut off.
  std::string_view take_padded(std::size_t size) {
    const std::string_view taken = take(size);
    if (!failed_) rest_.remove_prefix(std::min(rest_.size(), (4 - size % 4) % 4));
    return taken;
  }

 private:
  std::uint32_t number(std::size_t size) {
    std::uint32_t value = 0;
    const std::string_view bytes = take(size);
    for (std::size_t i = bytes.size(); i-- > 0;) {
      value = value << 8U | static_cast<unsigned char>(bytes[i]);
    }
    return value;
  }
  std::string_view rest_;
  bool failed_ = false;
};

namespace mapi {
constexpr std::uint16_t kLong = 0x03;
constexpr std::uint16_t kObject = 0x0D;
constexpr std::uint16_t kString8 = 0x1E;
constexpr std::uint16_t kUnicode = 0x1F;
constexpr std::uint16_t kBinary = 0x102;
}  // namespace mapi

struct MapiProperty {
  std::uint16_t id = 0;    // named properties, which no one asks for here, have 0
  std::uint16_t type = 0;  // without the flag of several values
  std::string_view value;  // the first one
};

// Calls `each` for every property, in their order. False: it ends before it says it does, or holds
// a type that is not known, whose size is therefore neither.
bool read_mapi(std::string_view bytes, const std::function<void(const MapiProperty&)>& each);

}  // namespace beredd::mail
