#pragma once
// Identities as types: a ticket's number is never taken for a message's.

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace beredd::base {

// A positive 64-bit number that names one thing of kind Tag; 0 means "none". Never reused.
template <typename Tag>
class Id {
 public:
  constexpr Id() = default;
  explicit constexpr Id(std::uint64_t value) : value_(value) {}
  constexpr std::uint64_t value() const { return value_; }
  explicit constexpr operator bool() const { return value_ != 0; }
  friend constexpr auto operator<=>(Id, Id) = default;

 private:
  std::uint64_t value_ = 0;
};

using MessageId = Id<struct MessageTag>;   // one mail as accepted, or one answer or note of ours
using TicketId = Id<struct TicketTag>;     // one conversation
using BodyId = Id<struct BodyTag>;         // the stored raw bytes of one message
using JournalSeq = Id<struct JournalTag>;  // one entry of the journal, in order

template <typename Tag>
std::string to_string(Id<Tag> id) {
  return std::to_string(id.value());
}

}  // namespace beredd::base

template <typename Tag>
struct std::hash<beredd::base::Id<Tag>> {
  std::size_t operator()(beredd::base::Id<Tag> id) const noexcept {
    return std::hash<std::uint64_t>{}(id.value());
  }
};
