#include "xclient.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <arpa/inet.h>

#include "beredd/base/text.h"

namespace beredd::smtp {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::size_t kMaxValue = 255;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// What comes out goes into logs and trace headers: printable ASCII or nothing.
std::optional<std::string> from_xtext(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+') {
      if (i + 2 >= text.size()) return {};
      const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return {};
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (c < ' ' || c > '~') return {};
    out += c;
  }
  if (out.empty() || out.size() > kMaxValue) return {};
  return out;
}

template <int Family, std::size_t Octets>
std::optional<std::string> usual_spelling(const std::string& text) {
  std::array<unsigned char, Octets> octets{};
  std::array<char, INET6_ADDRSTRLEN> written{};
  if (::inet_pton(Family, text.c_str(), octets.data()) != 1) return {};
  if (::inet_ntop(Family, octets.data(), written.data(), written.size()) == nullptr) return {};
  return std::string(written.data());
}

std::optional<std::string> as_address(const std::string& text) {
  constexpr std::string_view kV6 = "IPV6:";
  if (!base::same_ignoring_case(text.substr(0, kV6.size()), kV6)) {
    return usual_spelling<AF_INET, 4>(text);
  }
  return usual_spelling<AF_INET6, 16>(text.substr(kV6.size()));
}

std::optional<std::string> as_port(const std::string& text) {
  const bool digits =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || text.size() > 5 || std::stoi(text) > 65535) return {};
  return text;
}

std::optional<std::string> as_protocol(const std::string& text) {
  for (const std::string_view known : {"SMTP", "ESMTP"}) {
    if (base::same_ignoring_case(text, known)) return std::string(known);
  }
  return {};
}

std::optional<std::string> as_text(const std::string& text) { return text; }

struct Attribute {
  std::string_view name;
  std::optional<std::string> AskClient::*member;
  std::optional<std::string> (*read)(const std::string&);
};
constexpr Attribute kAttributes[] = {
    {"NAME", &AskClient::name, as_text}, {"ADDR", &AskClient::address, as_address},
    {"PORT", &AskClient::port, as_port}, {"PROTO", &AskClient::protocol, as_protocol},
    {"HELO", &AskClient::helo, as_text}, {"LOGIN", &AskClient::login, as_text},
};

bool unavailable(std::string_view value) {
  return base::same_ignoring_case(value, "[UNAVAILABLE]") ||
         base::same_ignoring_case(value, "[TEMPUNAVAIL]");
}

std::optional<std::string> value_of(const Attribute& attribute, std::string_view xtext) {
  if (unavailable(xtext)) return std::string();
  const auto text = from_xtext(xtext);
  return text ? attribute.read(*text) : std::nullopt;
}

}  // namespace

tl::expected<AskClient, Reply> read_xclient_argument(std::string_view argument) {
  const auto bad = [](std::string_view why) {
    return tl::unexpected<Reply>(reply(501, "5.5.4", std::string(why)));
  };
  AskClient ask;
  for (argument = base::trim(argument); !argument.empty(); argument = base::trim(argument)) {
    const std::string_view word = argument.substr(0, argument.find_first_of(kBlanks));
    argument.remove_prefix(word.size());
    const auto equals = word.find('=');
    if (equals == std::string_view::npos) return bad("XCLIENT takes name=value");
    const auto* attribute =
        std::find_if(std::begin(kAttributes), std::end(kAttributes), [&](const Attribute& one) {
          return base::same_ignoring_case(one.name, word.substr(0, equals));
        });
    if (attribute == std::end(kAttributes)) return bad("unknown attribute");
    auto value = value_of(*attribute, word.substr(equals + 1));
    if (!value) return bad("malformed value of an attribute");
    ask.*attribute->member = *std::move(value);
  }
  return ask;
}

}  // namespace beredd::smtp
