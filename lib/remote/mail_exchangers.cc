#include "beredd/remote/mail_exchangers.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "beredd/base/text.h"
#include "beredd/mail/envelope.h"

namespace beredd::remote {
namespace {

using base::Code;
using Hosts = base::Result<std::vector<std::string>>;

constexpr io::RecordType kAddresses[] = {io::RecordType::aaaa, io::RecordType::a};
constexpr base::Duration kPatience = std::chrono::seconds(20);  // for each question

struct Exchanger {
  std::uint16_t preference = 0;
  std::uint64_t lot = 0;  // drawn among equals
  std::string host;
};

// "10 mx.example.org"; the root, ".", is a null MX when it stands alone.
std::optional<Exchanger> read_record(const std::string& record) {
  Exchanger read;
  const char* end = record.data() + record.size();
  const auto [rest, error] = std::from_chars(record.data(), end, read.preference);
  if (error != std::errc() || rest == end || *rest != ' ') return {};
  read.host = std::string(rest + 1, end);
  if (read.host.empty()) return {};
  return read;
}

// A forged answer is the network's doing, not the recipient's: the mail waits.
base::Error later(base::Error error) {
  error.fault = base::Fault::transient;
  return error;
}

// Whether the domain has an address of its own (§5.1: the implicit MX).
io::Task<base::Result<bool>> has_address(io::Resolver& resolver, std::string domain) {
  std::optional<base::Error> failure;
  for (const io::RecordType type : kAddresses) {
    std::string name = domain;
    auto answer = co_await resolver.query(std::move(name), type, kPatience);
    if (answer && !answer->records.empty()) co_return true;
    if (!answer) failure = later(answer.error());
  }
  if (failure) co_return *std::move(failure);
  co_return false;
}

std::string literal_address(const std::string& domain) {
  const std::string inside = domain.substr(1, domain.size() - 2);
  constexpr std::string_view kTag = "ipv6:";
  const bool tagged =
      inside.size() > kTag.size() &&
      base::same_ignoring_case(std::string_view(inside).substr(0, kTag.size()), kTag);
  return tagged ? inside.substr(kTag.size()) : inside;
}

}  // namespace

Hosts exchangers_of(const std::string& domain, const std::vector<std::string>& records,
                    const std::string& own_name, base::Random& random) {
  std::vector<Exchanger> found;
  for (const std::string& record : records) {
    auto one = read_record(record);
    if (!one) continue;
    one->lot = random.next();
    found.push_back(*std::move(one));
  }
  if (found.size() == 1 && found.front().host == ".") {
    return base::permanent(Code::refused, fmt::format("5.1.10 {} takes no mail", domain));
  }
  std::erase_if(found, [](const Exchanger& one) { return one.host == "."; });
  std::sort(found.begin(), found.end(), [](const Exchanger& a, const Exchanger& b) {
    return std::pair(a.preference, a.lot) < std::pair(b.preference, b.lot);
  });
  const auto ourselves = std::find_if(found.begin(), found.end(), [&](const Exchanger& one) {
    return base::same_ignoring_case(one.host, own_name);
  });
  if (ourselves != found.end()) {
    const auto ours = ourselves->preference;
    std::erase_if(found, [ours](const Exchanger& one) { return one.preference >= ours; });
    if (found.empty()) {
      return base::transient(
          Code::conflict, fmt::format("the best mail exchanger of {} is this host itself", domain));
    }
  }
  std::vector<std::string> hosts;
  hosts.reserve(found.size());
  for (Exchanger& one : found) hosts.push_back(std::move(one.host));
  return hosts;
}

io::Task<Hosts> find_exchangers(io::Resolver& resolver, std::string domain, std::string own_name,
                                base::Random& random) {
  std::vector<std::string> itself;
  if (domain.starts_with('[')) {
    itself.push_back(literal_address(domain));
    co_return itself;
  }
  const std::string ascii = mail::comparable_domain(domain);
  std::string name = ascii;
  auto answer = co_await resolver.query(std::move(name), io::RecordType::mx, kPatience);
  if (!answer && answer.error().code == Code::invalid) {
    co_return base::permanent(Code::not_found, fmt::format("5.1.2 {} is no domain", domain));
  }
  if (!answer) co_return later(answer.error());
  auto hosts = exchangers_of(ascii, answer->records, own_name, random);
  if (!hosts || !hosts->empty()) co_return hosts;
  std::string host = ascii;
  auto addressed = co_await has_address(resolver, std::move(host));
  if (!addressed) co_return addressed.error();
  if (!*addressed) {
    co_return base::permanent(Code::not_found,
                              fmt::format("5.1.2 {} has neither MX nor address", domain));
  }
  itself.push_back(ascii);
  co_return itself;
}

}  // namespace beredd::remote
