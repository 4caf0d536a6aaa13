#include "beredd/ticket/ticket.h"

#include <array>
#include <utility>

namespace beredd::ticket {
namespace {

template <typename T, std::size_t N>
using Names = std::array<std::pair<T, std::string_view>, N>;

constexpr Names<State, 5> kStates = {{{State::fresh, "new"},
                                      {State::open, "open"},
                                      {State::pending, "pending"},
                                      {State::solved, "solved"},
                                      {State::closed, "closed"}}};
constexpr Names<Custody, 3> kCustodies = {{{Custody::primary, "primary"},
                                           {Custody::fallback, "fallback"},
                                           {Custody::returned, "returned"}}};
constexpr Names<Priority, 4> kPriorities = {{{Priority::low, "low"},
                                             {Priority::normal, "normal"},
                                             {Priority::high, "high"},
                                             {Priority::urgent, "urgent"}}};

template <typename T, std::size_t N>
constexpr std::string_view name_of(const Names<T, N>& names, T value) {
  for (const auto& [known, text] : names) {
    if (known == value) return text;
  }
  return {};
}

template <typename T, std::size_t N>
constexpr std::optional<T> value_of(const Names<T, N>& names, std::string_view text) {
  for (const auto& [value, known] : names) {
    if (known == text) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view name(State state) { return name_of(kStates, state); }
std::string_view name(Custody custody) { return name_of(kCustodies, custody); }
std::string_view name(Priority priority) { return name_of(kPriorities, priority); }

std::optional<State> state_named(std::string_view text) { return value_of(kStates, text); }
std::optional<Custody> custody_named(std::string_view text) { return value_of(kCustodies, text); }
std::optional<Priority> priority_named(std::string_view text) {
  return value_of(kPriorities, text);
}

}  // namespace beredd::ticket
