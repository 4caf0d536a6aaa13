#pragma once
// Addresses and the networks that they lie in. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beredd::service {

// `networks` in CIDR form, as config spells them; `address` "192.0.2.7" or "2001:db8::7". What is
// no IP address ("unix", "") lies in none. An IPv4 address mapped into IPv6 counts as IPv4.
bool lies_in(const std::vector<std::string>& networks, std::string_view address);

// The network that limits count an address under, as a number: its /24, or its /56 of IPv6. An IPv4
// address mapped into IPv6 counts as IPv4. Nothing for what is no IP address.
std::optional<std::uint64_t> counted_network(std::string_view address);

}  // namespace beredd::service
