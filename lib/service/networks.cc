#include "networks.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <arpa/inet.h>

namespace beredd::service {
namespace {

constexpr std::size_t kMappedBits = 96;  // of ::ffff:0:0/96, where IPv4 lies in IPv6

using Octets = std::array<unsigned char, 16>;

struct Network {
  Octets octets{};
  std::size_t bits = 128;
};

// IPv4 as mapped into IPv6: one kind of address to compare.
std::optional<Octets> octets_of(const std::string& text) {
  Octets octets{};
  if (::inet_pton(AF_INET6, text.c_str(), octets.data()) == 1) return octets;
  octets = {};
  octets[10] = octets[11] = 0xFF;
  if (::inet_pton(AF_INET, text.c_str(), octets.data() + 12) == 1) return octets;
  return {};
}

std::optional<Network> network_of(std::string_view text) {
  const auto slash = text.find('/');
  const std::string address(text.substr(0, slash));
  const auto octets = octets_of(address);
  if (!octets) return {};
  Network network{*octets, 128};
  if (slash == std::string_view::npos) return network;
  const std::string_view digits = text.substr(slash + 1);
  std::size_t bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (error != std::errc{} || end != digits.data() + digits.size()) return {};
  if (address.find(':') == std::string::npos) bits += kMappedBits;
  network.bits = std::min<std::size_t>(bits, 128);
  return network;
}

bool holds(const Network& network, const Octets& address) {
  const std::size_t whole = network.bits / 8;
  if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole),
                  network.octets.begin())) {
    return false;
  }
  const std::size_t rest = network.bits % 8;
  if (rest == 0) return true;
  const unsigned mask = 0xFFU << (8 - rest);
  return ((address[whole] ^ network.octets[whole]) & mask & 0xFFU) == 0;
}

}  // namespace

bool lies_in(const std::vector<std::string>& networks, std::string_view address) {
  const auto octets = octets_of(std::string(address));
  if (!octets) return false;
  return std::any_of(networks.begin(), networks.end(), [&](const std::string& text) {
    const auto network = network_of(text);
    return network && holds(*network, *octets);
  });
}

std::optional<std::uint64_t> counted_network(std::string_view address) {
  const auto octets = octets_of(std::string(address));
  if (!octets) return {};
  const bool is_ipv4 = holds({*octets_of("0.0.0.0"), kMappedBits}, *octets);
  const std::size_t first = is_ipv4 ? kMappedBits / 8 : 0;
  const std::size_t count = is_ipv4 ? 3 : 7;
  std::uint64_t network = is_ipv4 ? 4 : 6;  // the last octet tells the families apart
  for (std::size_t i = 0; i < count; ++i) {
    network |= std::uint64_t{(*octets)[first + i]} << (8 * (7 - i));
  }
  return network;
}

}  // namespace beredd::service
