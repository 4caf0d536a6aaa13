#pragma once
// Hosts and ports as text.

#include <cstdint>
#include <string>
#include <string_view>

namespace beredd::io {

std::string without_brackets(std::string_view host);               // "[::1]" → "::1"
std::string host_port(std::string_view host, std::uint16_t port);  // "[::1]:25", "192.0.2.7:25"

}  // namespace beredd::io
