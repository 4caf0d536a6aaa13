#include "mapi.h"

#include <algorithm>

namespace beredd::mail {
namespace {

constexpr std::uint16_t kSeveralValues = 0x1000;
constexpr std::uint16_t kFirstNamed = 0x8000;

std::optional<std::size_t> fixed_size(std::uint16_t type) {
  switch (type) {
    case 0x01: return 0;  // null
    case 0x02:            // two bytes, filled up
    case 0x03:
    case 0x04:
    case 0x0A:
    case 0x0B: return 4;
    case 0x05:
    case 0x06:
    case 0x07:
    case 0x14:
    case 0x40: return 8;
    case 0x48: return 16;
    default: return std::nullopt;
  }
}

bool has_own_size(std::uint16_t type) {
  return type == mapi::kObject || type == mapi::kString8 || type == mapi::kUnicode ||
         type == mapi::kBinary;
}

void skip_name(LittleEndian& in) {
  in.take(16);
  const bool numbered = in.u32() == 0;
  const std::uint32_t size = in.u32();
  if (!numbered) in.take_padded(size);
}

// False: the type is not known.
bool take_values(LittleEndian& in, MapiProperty& property, bool several) {
  const std::optional<std::size_t> fixed = fixed_size(property.type);
  if (!fixed && !has_own_size(property.type)) return false;
  const std::uint32_t count = fixed && !several ? 1 : in.u32();
  for (std::uint32_t i = 0; i < count && !in.failed(); ++i) {
    if (fixed == std::size_t{0}) break;
    const std::string_view value = fixed ? in.take(*fixed) : in.take_padded(in.u32());
    if (i == 0) property.value = value;
  }
  return true;
}

}  // namespace

bool read_mapi(std::string_view bytes, const std::function<void(const MapiProperty&)>& each) {
  LittleEndian in(bytes);
  const std::uint32_t count = in.u32();
  for (std::uint32_t i = 0; i < count && !in.failed(); ++i) {
    MapiProperty property;
    property.type = in.u16();
    property.id = in.u16();
    const bool named = property.id >= kFirstNamed;
    if (named) skip_name(in);
    if (named) property.id = 0;
    const bool several = (property.type & kSeveralValues) != 0;
    property.type = static_cast<std::uint16_t>(property.type & ~kSeveralValues);
    if (!take_values(in, property, several)) return false;
    if (!in.failed()) each(property);
  }
  return !in.failed();
}

}  // namespace beredd::mail
