#include "spf.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::preflight {
namespace {

using io::RecordType;

constexpr int kMostLookups = 10;  // RFC 7208 §4.6.4

struct Octets {
  std::array<unsigned char, 16> bytes{};
  int bits = 0;  // 32, 128, or 0: no address
};

Octets octets_of(const std::string& text) {
  Octets octets;
  if (::inet_pton(AF_INET, text.c_str(), octets.bytes.data()) == 1) {
    octets.bits = 32;
  } else if (::inet_pton(AF_INET6, text.c_str(), octets.bytes.data()) == 1) {
    octets.bits = 128;
  }
  return octets;
}

bool same_network(const Octets& a, const Octets& b, int prefix) {
  if (a.bits == 0 || a.bits != b.bits || prefix > a.bits) return false;
  for (int bit = 0; bit < prefix; ++bit) {
    const auto at = static_cast<std::size_t>(bit / 8);
    const int mask = 0x80 >> (bit % 8);
    if (((a.bytes[at] ^ b.bytes[at]) & mask) != 0) return false;
  }
  return true;
}

std::optional<int> number_in(std::string_view text) {
  int number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

// One term of a record: "~include:_spf.example.org", "a:mail.example.org/24//64".
struct Mechanism {
  SpfResult says = SpfResult::pass;
  std::string name, value;  // in lower case; empty: none given
  int prefix4 = 32, prefix6 = 128;
};

SpfResult meaning_of(char qualifier) {
  switch (qualifier) {
    case '-': return SpfResult::fail;
    case '~': return SpfResult::softfail;
    case '?': return SpfResult::neutral;
    default: return SpfResult::pass;
  }
}

std::optional<Mechanism> parse_mechanism(std::string_view term) {
  Mechanism mechanism;
  if (std::string_view("+-~?").find(term.front()) != std::string_view::npos) {
    mechanism.says = meaning_of(term.front());
    term.remove_prefix(1);
  }
  if (const auto v6 = term.find("//"); v6 != std::string_view::npos) {
    const auto prefix = number_in(term.substr(v6 + 2));
    if (!prefix || *prefix > 128) return std::nullopt;
    mechanism.prefix6 = *prefix;
    term = term.substr(0, v6);
  }
  if (const auto slash = term.find('/'); slash != std::string_view::npos) {
    const auto prefix = number_in(term.substr(slash + 1));
    const bool is_v6 = term.starts_with("ip6:");
    if (!prefix || *prefix > (is_v6 ? 128 : 32)) return std::nullopt;
    (is_v6 ? mechanism.prefix6 : mechanism.prefix4) = *prefix;
    term = term.substr(0, slash);
  }
  const auto colon = term.find(':');
  mechanism.name = term.substr(0, colon);
  if (colon != std::string_view::npos) mechanism.value = term.substr(colon + 1);
  return mechanism;
}

class Evaluation {
 public:
  Evaluation(Inquiry& inquiry, const std::string& address)
      : inquiry_(inquiry), address_(octets_of(address)) {}

  SpfVerdict of(const std::string& domain) {
    const Looked& looked = inquiry_.ask(domain, RecordType::txt);
    if (looked.failure) return {SpfResult::temperror, looked.failure->detail};
    std::vector<std::string> records;
    for (const std::string& record : looked.records) {
      const std::string low = base::lower(record);
      if (low == "v=spf1" || low.starts_with("v=spf1 ")) records.push_back(low);
    }
    if (records.empty()) return {SpfResult::none, "there is no record"};
    if (records.size() > 1) return wrong(fmt::format("{} has several records", domain));
    return record_of(domain, records.front());
  }

 private:
  static SpfVerdict wrong(std::string what) { return {SpfResult::permerror, std::move(what)}; }

  SpfVerdict record_of(const std::string& domain, const std::string& record) {
    std::string redirect;
    for (const std::string_view term : base::split(std::string_view(record).substr(6), ' ')) {
      if (term.empty()) continue;
      if (term.find('%') != std::string_view::npos) {
        return {SpfResult::depends, std::string(term)};
      }
      const auto equals = term.find('=');
      if (equals != std::string_view::npos && term.find_first_of(":/") > equals) {
        if (term.starts_with("redirect=")) redirect = term.substr(equals + 1);
        continue;  // exp and unknown modifiers say nothing of an address
      }
      const auto mechanism = parse_mechanism(term);
      if (!mechanism) return wrong(fmt::format("\"{}\" cannot be read", term));
      if (auto decided = decide(domain, *mechanism)) {
        if (decided->because.empty()) decided->because = term;
        return *decided;
      }
    }
    if (redirect.empty()) return {SpfResult::neutral, "nothing in the record fits"};
    if (!may_look_up()) return too_many();
    SpfVerdict there = of(redirect);
    return there.result == SpfResult::none ? wrong(redirect + " has no record") : there;
  }

  // Nothing: the mechanism does not fit.
  std::optional<SpfVerdict> decide(const std::string& domain, const Mechanism& mechanism) {
    const std::string& target = mechanism.value.empty() ? domain : mechanism.value;
    const SpfVerdict yes{mechanism.says, {}};
    if (mechanism.name == "all") return yes;
    if (mechanism.name == "ip4" || mechanism.name == "ip6") {
      if (octets_of(mechanism.value).bits == 0) return wrong("an address cannot be read");
      return fits(mechanism.value, mechanism) ? std::optional(yes) : std::nullopt;
    }
    if (!may_look_up()) return too_many();
    if (mechanism.name == "include") return include(mechanism);
    if (mechanism.name == "a") return any_of(inquiry_.addresses_of(target), mechanism);
    if (mechanism.name == "mx") return any_of(mx_addresses(target), mechanism);
    if (mechanism.name == "exists") {
      const bool there = !inquiry_.ask(target, RecordType::a).records.empty();
      return there ? std::optional(yes) : std::nullopt;
    }
    if (mechanism.name == "ptr") return SpfVerdict{SpfResult::depends, "ptr"};
    return wrong(fmt::format("there is no mechanism \"{}\"", mechanism.name));
  }

  std::optional<SpfVerdict> include(const Mechanism& mechanism) {
    SpfVerdict there = of(mechanism.value);
    switch (there.result) {
      case SpfResult::pass: return SpfVerdict{mechanism.says, "include:" + mechanism.value};
      case SpfResult::none: return wrong(mechanism.value + " has no record");
      case SpfResult::fail:
      case SpfResult::softfail:
      case SpfResult::neutral: return std::nullopt;
      default: return there;
    }
  }

  std::optional<SpfVerdict> any_of(const std::vector<std::string>& addresses,
                                   const Mechanism& mechanism) const {
    const bool any = std::any_of(addresses.begin(), addresses.end(),
                                 [&](const std::string& one) { return fits(one, mechanism); });
    return any ? std::optional(SpfVerdict{mechanism.says, {}}) : std::nullopt;
  }

  std::vector<std::string> mx_addresses(const std::string& domain) {
    std::vector<std::string> all;
    for (const std::string& record : inquiry_.ask(domain, RecordType::mx).records) {
      const std::string host = record.substr(record.find(' ') + 1);
      if (host == ".") continue;
      const auto addresses = inquiry_.addresses_of(host);
      all.insert(all.end(), addresses.begin(), addresses.end());
    }
    return all;
  }

  bool fits(const std::string& one, const Mechanism& mechanism) const {
    const int prefix = address_.bits == 32 ? mechanism.prefix4 : mechanism.prefix6;
    return same_network(octets_of(one), address_, prefix);
  }

  bool may_look_up() { return ++lookups_ <= kMostLookups; }
  static SpfVerdict too_many() {
    return wrong(fmt::format("it asks for more than {} look-ups", kMostLookups));
  }

  Inquiry& inquiry_;
  const Octets address_;
  int lookups_ = 0;
};

}  // namespace

SpfVerdict spf_of(Inquiry& inquiry, const std::string& domain, const std::string& address) {
  return Evaluation(inquiry, address).of(domain);
}

}  // namespace beredd::preflight
