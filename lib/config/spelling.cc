#include "spelling.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "beredd/base/text.h"
#include "beredd/mail/envelope.h"

namespace beredd::config {
namespace {

using base::Code;
using base::permanent;
using base::Result;

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

base::Error expected(std::string_view what, std::string_view got) {
  return permanent(Code::invalid, fmt::format("expected {}, got \"{}\"", what, got));
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(),
                     [](char c) { return is_alnum(c) || c == '-' || c == '_'; });
}

bool is_host_name(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.empty() || text.size() > 253) return false;
  const std::vector<std::string_view> labels = base::split(text, '.');
  return std::all_of(labels.begin(), labels.end(), is_label);
}

// The octets of an IP address in network order; `length` is 4 or 16, 0 when it is none.
struct Octets {
  std::array<unsigned char, 16> bytes{};
  unsigned length = 0;
};

Octets octets_of(const std::string& text) {
  Octets octets;
  if (inet_pton(AF_INET, text.c_str(), octets.bytes.data()) == 1)
    octets.length = 4;
  else if (inet_pton(AF_INET6, text.c_str(), octets.bytes.data()) == 1)
    octets.length = 16;
  return octets;
}

std::string written(const Octets& octets) {
  std::array<char, INET6_ADDRSTRLEN> out{};
  const int family = octets.length == 4 ? AF_INET : AF_INET6;
  inet_ntop(family, octets.bytes.data(), out.data(), out.size());
  return out.data();
}

Octets masked(Octets octets, unsigned prefix) {
  for (unsigned bit = prefix; bit < octets.length * 8; ++bit) {
    octets.bytes[bit / 8] &= static_cast<unsigned char>(~(0x80U >> (bit % 8)));
  }
  return octets;
}

// A decimal number of at most `maximum` and nothing else.
std::optional<unsigned> number_in(std::string_view text, unsigned maximum) {
  unsigned number = 0;
  const char* end = text.data() + text.size();
  const auto [after, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc{} || after != end || number > maximum) return std::nullopt;
  return number;
}

std::string_view without_brackets(std::string_view host) {
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  return bracketed ? host.substr(1, host.size() - 2) : host;
}

}  // namespace

Result<std::string> spell_name(std::string_view text) {
  const bool ok =
      !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return is_alnum(c) || c == '.' || c == '_' || c == '-';
      });
  if (!ok) return expected("up to 64 letters, digits, dots, dashes or underscores", text);
  return std::string(text);
}

Result<std::string> spell_selector(std::string_view text) {
  for (const std::string_view priority : {"low", "normal", "high", "urgent"}) {
    if (text == priority) return std::string(text);
  }
  for (const std::string_view kind : {"tag:", "desk:"}) {
    if (text.starts_with(kind) && spell_name(text.substr(kind.size()))) return std::string(text);
  }
  return expected("low, normal, high, urgent, tag:NAME or desk:NAME", text);
}

Result<std::string> spell_host(std::string_view text) {
  const std::string bare(without_brackets(text));
  const bool bracketed = bare.size() != text.size();
  if (octets_of(bare).length == 16 || (!bracketed && is_host_name(bare))) return bare;
  return expected("a host name or an IP address", text);
}

std::string_view address_in(std::string_view sender) {
  const std::string_view trimmed = base::trim(sender);
  const auto open = trimmed.rfind('<');
  if (open == std::string_view::npos || !trimmed.ends_with('>')) return trimmed;
  return trimmed.substr(open + 1, trimmed.size() - open - 2);
}

Result<std::string> spell_sender(std::string_view text) {
  const bool one_line = std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == 127;
  });
  if (!one_line || !mail::parse_mailbox(address_in(text)).ok()) {
    return expected("an address such as \"Support <support@example.org>\"", text);
  }
  return std::string(base::trim(text));
}

Result<std::string> spell_served(std::string_view text) {
  // A bare domain is judged as the domain of some mailbox.
  const std::string whole =
      text.starts_with('@') ? "postmaster" + std::string(text) : std::string(text);
  if (!mail::parse_mailbox(whole).ok()) {
    return expected("an address such as \"support@example.org\" or \"@example.org\"", text);
  }
  return base::lower(text);
}

Result<std::string> spell_network(std::string_view text) {
  const auto slash = text.find('/');
  const Octets octets = octets_of(std::string(text.substr(0, slash)));
  std::optional<unsigned> prefix = octets.length * 8;
  if (slash != std::string_view::npos) prefix = number_in(text.substr(slash + 1), *prefix);
  if (octets.length == 0 || !prefix) {
    return expected("a network such as \"10.0.0.0/8\" or \"2001:db8::/32\"", text);
  }
  const std::string network = fmt::format("{}/{}", written(masked(octets, *prefix)), *prefix);
  if (masked(octets, *prefix).bytes != octets.bytes) {
    return permanent(Code::invalid,
                     fmt::format("\"{}\" has bits below its prefix; write \"{}\" if the "
                                 "whole network is meant",
                                 text, network));
  }
  return network;
}

Result<std::string> spell_url(std::string_view text) {
  const auto scheme = text.find("://");
  const bool known = text.starts_with("http://") || text.starts_with("https://");
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
  if (!known || !printable) return expected("a URL such as \"https://example.org/health\"", text);
  const std::string_view rest = text.substr(scheme + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.find('@') != std::string_view::npos) {
    return permanent(Code::invalid, "a user or a password has no place in a URL here");
  }
  const auto colon = authority.ends_with(']') ? std::string_view::npos : authority.rfind(':');
  const bool port_ok =
      colon == std::string_view::npos || number_in(authority.substr(colon + 1), 65535);
  if (!port_ok || !spell_host(authority.substr(0, colon)).ok()) {
    return expected("a URL such as \"https://example.org/health\"", text);
  }
  return std::string(text);
}

Result<Endpoint> spell_endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  const std::string_view host = text.substr(0, colon);
  const bool bare_v6 = host.find(':') != std::string_view::npos && !host.starts_with('[');
  if (colon != std::string_view::npos && !bare_v6) {
    const std::optional<unsigned> port = number_in(text.substr(colon + 1), 65535);
    const Result<std::string> spelled = spell_host(host);
    if (port && spelled) return Endpoint{*spelled, static_cast<std::uint16_t>(*port)};
  }
  return expected("\"address:port\" such as \"[::]:25\" or \"127.0.0.1:2525\"", text);
}

Result<Endpoint> spell_server(std::string_view text) {
  constexpr std::uint16_t kDomainPort = 53;
  const std::string bare(without_brackets(text));
  if (octets_of(bare).length != 0) return Endpoint{bare, kDomainPort};
  Result<Endpoint> at = spell_endpoint(text);
  // A name would have to be resolved before anything can be.
  if (at && octets_of(at->host).length != 0 && at->port != 0) return at;
  return expected("an address such as \"192.0.2.53\" or \"[::1]:5353\"", text);
}

Result<std::string> spell_zone(std::string_view text) {
  // An IPv6 address in front of it takes 64 octets of the 253 (RFC 5782 §2.4).
  constexpr std::size_t kLongest = 253 - 64;
  if (text.ends_with('.')) text.remove_suffix(1);
  const bool fits = is_host_name(text) && text.size() <= kLongest;
  if (!fits || text.find('.') == std::string_view::npos ||
      octets_of(std::string(text)).length != 0) {
    return expected("a domain such as \"dnsbl.example.org\"", text);
  }
  return base::lower(text);
}

}  // namespace beredd::config
