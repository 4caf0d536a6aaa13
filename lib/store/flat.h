#pragma once
// What every codec needs of FlatBuffers: pack, verify and unpack, and the smallest conversions.

#include "records_generated.h"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/base/result.h"

namespace beredd::store::flat {

template <typename Native>
std::string pack(const Native& native) {
  flatbuffers::FlatBufferBuilder builder(512);
  builder.Finish(Native::TableType::Pack(builder, &native));
  return {reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize()};
}

template <typename Record>
base::Result<std::unique_ptr<typename Record::NativeTableType>> unpack(std::string_view bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  flatbuffers::Verifier verifier(data, bytes.size());
  if (!verifier.VerifyBuffer<Record>(nullptr)) {
    return base::permanent(base::Code::corrupt, "a record does not verify");
  }
  return std::unique_ptr<typename Record::NativeTableType>(
      flatbuffers::GetRoot<Record>(data)->UnPack());
}

// Collects what does not fit while a record is converted.
class Conversion {
 public:
  template <typename Enum>
  Enum named(std::uint8_t number, Enum last) {
    if (number > static_cast<std::uint8_t>(last)) good_ = false;
    return static_cast<Enum>(number);
  }
  void expect(bool true_of_every_version) { good_ = good_ && true_of_every_version; }
  template <std::size_t Size>
  std::array<std::byte, Size> bytes(const std::vector<std::uint8_t>& from) {
    std::array<std::byte, Size> out{};
    if (from.size() != Size) {
      good_ = false;
      return out;
    }
    std::memcpy(out.data(), from.data(), Size);
    return out;
  }
  template <typename T>
  bool present(const std::unique_ptr<T>& part) {
    if (!part) good_ = false;
    return part != nullptr;
  }
  template <typename Value>
  base::Result<Value> finish(Value value) const {
    if (good_) return value;
    return base::permanent(base::Code::corrupt, "a record holds what no version writes");
  }

 private:
  bool good_ = true;
};

template <std::size_t Size>
std::vector<std::uint8_t> bytes_of(const std::array<std::byte, Size>& from) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(from.data());
  return {data, data + Size};
}

template <typename Enum>
std::uint8_t number_of(Enum value) {
  return static_cast<std::uint8_t>(value);
}

}  // namespace beredd::store::flat
