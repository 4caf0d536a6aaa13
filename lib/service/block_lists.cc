#include "block_lists.h"

#include "networks.h"

#include <algorithm>
#include <array>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "beredd/base/log.h"

namespace beredd::service {
namespace {

// RFC 6890, and what is not for one host.
const std::vector<std::string>& nobodys() {
  static const std::vector<std::string> kNetworks = {
      "0.0.0.0/8",     "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
      "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",   "::/128",      "::1/128",
      "fc00::/7",      "fe80::/10",      "ff00::/8"};
  return kNetworks;
}

// What a list answers with, by the network that its record lies in.
Listing meaning_of(const std::string& record) {
  static const std::vector<std::string> kListed = {"127.0.0.0/8"};
  static const std::vector<std::string> kError = {"127.255.255.0/24"};
  if (!lies_in(kListed, record)) return Listing::error;
  return lies_in(kError, record) ? Listing::error : Listing::listed;
}

std::string_view outcome_of(Listing listing) {
  switch (listing) {
    case Listing::clear: return "clear";
    case Listing::listed: return "listed";
    case Listing::error: return "error";
    case Listing::unknown: return "unknown";
  }
  return "error";
}

}  // namespace

Listing listing_of(const std::vector<std::string>& records) {
  Listing all = Listing::clear;
  for (const std::string& record : records) {
    const Listing one = meaning_of(record);
    if (one == Listing::listed) return one;
    all = one;
  }
  return all;
}

bool is_public(std::string_view address) {
  static const std::vector<std::string> kEverything = {"0.0.0.0/0", "::/0"};
  return lies_in(kEverything, address) && !lies_in(nobodys(), address);
}

std::optional<std::string> block_list_name(std::string_view address, std::string_view zone) {
  const std::string text(address);
  std::array<unsigned char, 16> octets{};
  std::string name;
  const bool v4 = ::inet_pton(AF_INET, text.c_str(), octets.data() + 12) == 1;
  if (!v4 && ::inet_pton(AF_INET6, text.c_str(), octets.data()) != 1) return {};
  if (v4 || lies_in({"0.0.0.0/0"}, address)) {
    for (std::size_t i = 16; i-- > 12;) name += fmt::format("{}.", octets[i]);
  } else {
    for (std::size_t i = 16; i-- > 0;) {
      name += fmt::format("{:x}.{:x}.", octets[i] & 0xFU, octets[i] >> 4U);
    }
  }
  return name + std::string(zone);
}

// --- the cache

std::optional<Listing> ListingCache::find(const std::string& name, base::Instant at) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(name);
  if (found == entries_.end()) return {};
  if (found->second.until > at) return found->second.listing;
  by_age_.erase(found->second.place);
  entries_.erase(found);
  return {};
}

void ListingCache::keep(const std::string& name, Listing listing, base::Duration ttl,
                        base::Instant at) {
  const std::lock_guard lock(mutex_);
  if (const auto known = entries_.find(name); known != entries_.end()) {
    by_age_.erase(known->second.place);
    entries_.erase(known);
  }
  while (entries_.size() >= most_) {
    entries_.erase(by_age_.front());
    by_age_.pop_front();
  }
  by_age_.push_back(name);
  const base::Instant until = at + std::clamp(ttl, kShortest, kLongest);
  entries_.emplace(name, Entry{listing, until, std::prev(by_age_.end())});
}

std::size_t ListingCache::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

// --- asking

BlockLists::BlockLists(std::vector<std::string> zones, io::Resolver& resolver, io::Timers& timers,
                       const base::Clock& clock, base::Metrics& metrics)
    : zones_(std::move(zones)),
      resolver_(resolver),
      timers_(timers),
      clock_(clock),
      metrics_(metrics) {}

io::Task<void> BlockLists::Inquiry::wait_until_over() {
  while (!over()) co_await told_->wait(kPatience);
}

std::shared_ptr<BlockLists::Inquiry> BlockLists::ask(const io::Executor& executor,
                                                     std::string_view address) {
  if (!is_public(address)) return nullptr;
  auto inquiry = std::make_shared<Inquiry>(timers_.make(executor));
  for (const std::string& zone : zones_) {
    const auto name = block_list_name(address, zone);
    if (!name) continue;
    if (const auto known = cache_.find(*name, clock_.steady())) {
      count(zone, outcome_of(*known));
      if (*known == Listing::listed && !inquiry->zone_) inquiry->zone_ = zone;
      continue;
    }
    ++inquiry->left_;
    io::spawn(executor, look_up(zone, *name, inquiry), "block list");
  }
  return inquiry;
}

io::Task<void> BlockLists::look_up(std::string zone, std::string name,
                                   std::shared_ptr<Inquiry> inquiry) {
  auto answer = co_await resolver_.query(name, io::RecordType::a, kPatience);
  const Listing listing = answer ? listing_of(answer->records) : Listing::unknown;
  const base::Duration ttl = answer ? answer->ttl : base::Duration::zero();
  cache_.keep(name, listing, ttl, clock_.steady());
  count(zone, outcome_of(listing));
  if (listing == Listing::error) {
    base::log_warning(
        "block list {}: answers {}, which lists nobody; perhaps it wants other name servers to ask",
        zone, fmt::format("{}", fmt::join(answer->records, ", ")));
  }
  if (listing == Listing::listed && !inquiry->zone_) inquiry->zone_ = zone;
  --inquiry->left_;
  if (inquiry->over()) inquiry->told_->wake();
}

void BlockLists::count(std::string_view zone, std::string_view outcome) {
  metrics_
      .counter("beredd_dnsbl_total", "Clients looked up in DNS block lists, by list and outcome",
               base::label("list", zone) + "," + base::label("outcome", outcome))
      .add();
}

}  // namespace beredd::service
