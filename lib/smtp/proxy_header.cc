#include "beredd/smtp/proxy_header.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <arpa/inet.h>

#include "beredd/base/text.h"

namespace beredd::smtp {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSignature = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr std::string_view kLine = "PROXY ";
constexpr std::size_t kFixed = 16;  // of version 2

// What was found at the front of the bytes: the header and its length.
struct Found {
  ProxyHeader header;
  std::size_t length = 0;
};
using Reading = base::Result<std::optional<Found>>;

base::Error invalid(std::string_view what) {
  return base::permanent(base::Code::invalid, "PROXY header: " + std::string(what));
}

// As inet_pton takes it, in the one way of writing it.
std::optional<std::string> canonical(int family, const void* octets) {
  std::array<char, INET6_ADDRSTRLEN> out{};
  if (inet_ntop(family, octets, out.data(), out.size()) == nullptr) return {};
  return out.data();
}

std::optional<std::string> read_address(int family, std::string_view text) {
  std::array<unsigned char, 16> octets{};
  if (text.find('\0') != text.npos) return {};  // inet_pton would read no further
  if (inet_pton(family, std::string(text).c_str(), octets.data()) != 1) return {};
  return canonical(family, octets.data());
}

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool leading_zero = text.size() > 1 && text.front() == '0';
  return error == std::errc() && end == text.data() + text.size() && !leading_zero;
}

// "PROXY TCP4 192.0.2.7 198.51.100.1 56324 25"
base::Result<ProxyHeader> read_line(std::string_view line) {
  const auto words = base::split(line, ' ');
  if (words.size() >= 2 && words[1] == "UNKNOWN") return ProxyHeader{};
  if (words.size() != 6) return invalid("malformed line");
  const bool v4 = words[1] == "TCP4";
  if (!v4 && words[1] != "TCP6") return invalid("unknown protocol");
  const int family = v4 ? AF_INET : AF_INET6;
  auto client = read_address(family, words[2]);
  if (!client || !read_address(family, words[3])) return invalid("malformed address");
  if (!is_port(words[4]) || !is_port(words[5])) return invalid("malformed port");
  return ProxyHeader{std::move(client)};
}

Reading read_v1(std::string_view bytes) {
  const auto end = bytes.substr(0, ProxyHeaderReader::kMaxLine).find('\n');
  if (end == std::string_view::npos) {
    if (bytes.size() >= ProxyHeaderReader::kMaxLine) return invalid("line too long");
    return std::optional<Found>();
  }
  if (bytes[end - 1] != '\r') return invalid("the line ends in a bare LF");
  auto header = read_line(bytes.substr(0, end - 1));
  if (!header) return header.error();
  return std::optional<Found>(Found{*std::move(header), end + 1});
}

unsigned octet(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

// The family and the addresses of a v2 header whose command is PROXY.
base::Result<ProxyHeader> read_addresses(unsigned family, std::string_view extent) {
  constexpr unsigned kUnspecified = 0, kInet = 1, kUnix = 3;  // 2: AF_INET6
  if (family == kUnspecified) return ProxyHeader{};
  if (family > kUnix) return invalid("unknown address family");
  constexpr std::array<std::size_t, 4> kLengths = {0, 12, 36, 216};
  if (extent.size() < kLengths[family]) return invalid("too short for its addresses");
  if (family == kUnix) return ProxyHeader{};
  const int system_family = family == kInet ? AF_INET : AF_INET6;
  return ProxyHeader{canonical(system_family, extent.data())};
}

Reading read_v2(std::string_view bytes) {
  if (bytes.size() > 12 && octet(bytes, 12) >> 4 != 2) return invalid("unknown version");
  const unsigned command = bytes.size() > 12 ? octet(bytes, 12) & 0x0F : 0;
  if (command > 1) return invalid("unknown command");
  if (bytes.size() < kFixed) return std::optional<Found>();
  const std::size_t extent = octet(bytes, 14) << 8 | octet(bytes, 15);
  if (extent > ProxyHeaderReader::kMaxExtent) return invalid("too long");
  if (bytes.size() < kFixed + extent) return std::optional<Found>();
  Found found{{}, kFixed + extent};
  if (command == 1) {
    auto header = read_addresses(octet(bytes, 13) >> 4, bytes.substr(kFixed, extent));
    if (!header) return header.error();
    found.header = *std::move(header);
  }
  return std::optional<Found>(std::move(found));
}

bool may_become(std::string_view bytes, std::string_view start) {
  const auto length = std::min(bytes.size(), start.size());
  return bytes.substr(0, length) == start.substr(0, length);
}

Reading read_header(std::string_view bytes) {
  if (bytes.empty()) return std::optional<Found>();
  if (may_become(bytes, kLine)) return read_v1(bytes);
  if (may_become(bytes, kSignature)) return read_v2(bytes);
  return invalid("there is none");
}

}  // namespace

base::Result<std::optional<ProxyHeader>> ProxyHeaderReader::receive(std::string_view bytes) {
  if (unusable_) return invalid("it was refused");
  gathered_.append(bytes);
  auto found = read_header(gathered_);
  unusable_ = !found;
  if (!found) return found.error();
  if (!*found) return std::optional<ProxyHeader>();
  rest_ = gathered_.substr((*found)->length);
  return std::optional<ProxyHeader>(std::move((*found)->header));
}

}  // namespace beredd::smtp
