#pragma once
// Numbers in the index's files, big-endian: eight bytes each.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace beredd::search::numbers {

inline std::string written(std::uint64_t number) {
  std::string bytes(sizeof number, '\0');
  for (std::size_t i = bytes.size(); i-- > 0; number >>= 8) {
    bytes[i] = static_cast<char>(number & 0xff);
  }
  return bytes;
}

// A term: its six bytes.
inline std::string term(std::uint64_t number) {
  std::string bytes(6, '\0');
  for (std::size_t i = bytes.size(); i-- > 0; number >>= 8) {
    bytes[i] = static_cast<char>(number & 0xff);
  }
  return bytes;
}

template <typename Id>
std::string written(const std::vector<Id>& ids) {
  std::string bytes;
  for (const Id id : ids) bytes += written(id.value());
  return bytes;
}

// What is left over at the end is left out.
template <typename Id>
std::vector<Id> read(std::string_view bytes) {
  std::vector<Id> ids;
  for (; bytes.size() >= sizeof(std::uint64_t); bytes.remove_prefix(sizeof(std::uint64_t))) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < sizeof number; ++i) {
      number = number << 8 | static_cast<unsigned char>(bytes[i]);
    }
    ids.emplace_back(number);
  }
  return ids;
}

}  // namespace beredd::search::numbers
