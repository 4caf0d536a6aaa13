#include "beredd/store/records.h"

namespace beredd::store {
namespace {

constexpr std::array<std::string_view, 5> kPartStates = {"open", "offered", "taken", "refused",
                                                         "doubtful"};
constexpr std::array<std::string_view, 8> kDeliveryStates = {
    "held", "queued", "offered", "acknowledged", "proven", "quarantined", "suppressed", "expired"};

}  // namespace

std::string_view name(Direction direction) {
  switch (direction) {
    case Direction::in: return "in";
    case Direction::out: return "out";
    case Direction::note: return "note";
  }
  return "";
}

std::string_view name(Source source) {
  switch (source) {
    case Source::smtp: return "smtp";
    case Source::imap: return "imap";
    case Source::staff: return "staff";
  }
  return "";
}

std::string_view name(PartState state) { return kPartStates[static_cast<std::size_t>(state)]; }

std::string_view name(DeliveryState state) {
  return kDeliveryStates[static_cast<std::size_t>(state)];
}

std::optional<DeliveryState> delivery_state_named(std::string_view text) {
  for (std::size_t i = 0; i < kDeliveryStates.size(); ++i) {
    if (kDeliveryStates[i] == text) return static_cast<DeliveryState>(i);
  }
  return std::nullopt;
}

}  // namespace beredd::store
