#include "dns_text.h"

#include <arpa/inet.h>
#include <fmt/format.h>

namespace beredd::remote {
namespace {

unsigned octet(char c) { return static_cast<unsigned char>(c); }

std::optional<std::string> address(int family, std::size_t size, std::string_view data) {
  if (data.size() != size) return std::nullopt;
  char text[INET6_ADDRSTRLEN] = "";
  if (::inet_ntop(family, data.data(), text, sizeof text) == nullptr) return std::nullopt;
  return text;
}

// The root is ".": a null MX (RFC 7505) stays to be recognised.
std::optional<std::string> name_text(std::string_view data) {
  std::string text;
  while (!data.empty()) {
    const std::size_t length = octet(data[0]);
    data.remove_prefix(1);
    if (length == 0) {
      if (!data.empty()) return std::nullopt;
      return text.empty() ? "." : text;
    }
    if (length > 63 || length > data.size()) return std::nullopt;
    if (!text.empty()) text += '.';
    text += data.substr(0, length);
    data.remove_prefix(length);
  }
  return std::nullopt;
}

std::optional<std::string> mx_text(std::string_view data) {
  if (data.size() < 3) return std::nullopt;
  const auto host = name_text(data.substr(2));
  if (!host) return std::nullopt;
  return fmt::format("{} {}", octet(data[0]) << 8 | octet(data[1]), *host);
}

std::optional<std::string> strings_text(std::string_view data) {
  std::string text;
  while (!data.empty()) {
    const std::size_t length = octet(data[0]);
    if (length >= data.size()) return std::nullopt;
    text += data.substr(1, length);
    data.remove_prefix(1 + length);
  }
  return text;
}

std::optional<std::string> tlsa_text(std::string_view data) {
  if (data.size() < 4) return std::nullopt;
  std::string text = fmt::format("{} {} {} ", octet(data[0]), octet(data[1]), octet(data[2]));
  for (const char c : data.substr(3)) text += fmt::format("{:02x}", octet(c));
  return text;
}

}  // namespace

bool is_dns_name(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  std::size_t label = 0;
  for (const char c : name) {
    if (octet(c) <= ' ' || octet(c) == 0x7f || c == '\\') return false;
    if (c == '.' && label == 0) return false;
    label = c == '.' ? 0 : label + 1;
    if (label > 63) return false;
  }
  return label > 0;
}

std::optional<std::string> dns_text(io::RecordType type, std::string_view data) {
  switch (type) {
    case io::RecordType::a: return address(AF_INET, 4, data);
    case io::RecordType::aaaa: return address(AF_INET6, 16, data);
    case io::RecordType::mx: return mx_text(data);
    case io::RecordType::txt: return strings_text(data);
    case io::RecordType::tlsa: return tlsa_text(data);
  }
  return std::nullopt;
}

}  // namespace beredd::remote
