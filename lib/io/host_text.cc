#include "host_text.h"

#include <fmt/format.h>

namespace beredd::io {

std::string without_brackets(std::string_view host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  return std::string(host);
}

std::string host_port(std::string_view host, std::uint16_t port) {
  const bool literal6 = host.find(':') != std::string_view::npos;
  return literal6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

}  // namespace beredd::io
