#pragma once
// Builds TNEF streams (MS-OXTNEF) to read in tests.

#include <cstdint>
#include <string>
#include <string_view>

namespace beredd::mail {

inline std::string le(std::uint64_t value, unsigned size) {
  std::string out;
  for (unsigned i = 0; i < size; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
  return out;
}

inline std::string padded(std::string_view bytes) {
  std::string out(bytes);
  while (out.size() % 4 != 0) out.push_back('\0');
  return out;
}

// ASCII as UTF-16 with its NUL.
inline std::string wide(std::string_view text) {
  std::string out;
  for (const char c : text) out.append(1, c).append(1, '\0');
  return out + std::string(2, '\0');
}

class MapiBuilder {
 public:
  MapiBuilder& number(std::uint16_t id, std::uint32_t value) {
    return add(le(0x03, 2) + le(id, 2) + le(value, 4));
  }
  // STRING8 (0x1E), UNICODE (0x1F), BINARY (0x102) or OBJECT (0x0D).
  MapiBuilder& bytes(std::uint16_t type, std::uint16_t id, std::string_view value) {
    return add(le(type, 2) + le(id, 2) + le(1, 4) + le(value.size(), 4) + padded(value));
  }
  MapiBuilder& add(const std::string& property) {
    ++count_;
    out_ += property;
    return *this;
  }
  std::string build() const { return le(count_, 4) + out_; }

 private:
  std::uint32_t count_ = 0;
  std::string out_;
};

class TnefBuilder {
 public:
  TnefBuilder& attribute(unsigned level, std::uint32_t id, std::string_view value) {
    out_ += le(level, 1) + le(id, 4) + le(value.size(), 4) + std::string(value) + le(0, 2);
    return *this;
  }
  TnefBuilder& message(const MapiBuilder& mapi) { return attribute(1, 0x69003, mapi.build()); }
  TnefBuilder& file(std::string_view title, std::string_view data) {
    attribute(2, 0x69002, std::string(14, '\0'));
    attribute(2, 0x18010, std::string(title) + '\0');
    return attribute(2, 0x6800F, data);
  }
  TnefBuilder& file_properties(const MapiBuilder& mapi) {
    return attribute(2, 0x69005, mapi.build());
  }
  std::string build() const { return le(0x223E9F78, 4) + le(7, 2) + out_; }

 private:
  std::string out_;
};

}  // namespace beredd::mail
