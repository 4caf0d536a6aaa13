#pragma once
// DNS block lists (RFC 5782): whether a client's address is on one, remembered for a while.

#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/base/metrics.h"
#include "beredd/io/resolver.h"
#include "beredd/io/timer.h"

namespace beredd::service {

// "listed" in 127.0.0.0/8; of that, 127.255.255.0/24 is a list's way to say that it does not
// answer us, and what lies outside was not said by a block list.
enum class Listing { clear, listed, error, unknown };  // unknown: no answer in time
Listing listing_of(const std::vector<std::string>& records);

// Whether it makes sense to ask for an address: the private, local and multicast ones are nobody's.
bool is_public(std::string_view address);

// "9.113.0.203.zen.example", the nibbles of IPv6 likewise; an IPv4 address mapped into IPv6 is
// IPv4. Nothing for what is no IP address.
std::optional<std::string> block_list_name(std::string_view address, std::string_view zone);

// What was answered, until its time is over. Bounded: the oldest goes first. Any thread.
class ListingCache {
 public:
  static constexpr base::Duration kShortest = std::chrono::minutes(1);
  static constexpr base::Duration kLongest = std::chrono::hours(1);

  explicit ListingCache(std::size_t most = 65'536) : most_(most) {}

  std::optional<Listing> find(const std::string& name, base::Instant at);
  // For `ttl`, within the bounds above.
  void keep(const std::string& name, Listing listing, base::Duration ttl, base::Instant at);
  std::size_t size() const;

 private:
  struct Entry {
    Listing listing;
    base::Instant until;
    std::list<std::string>::iterator place;
  };
  const std::size_t most_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;
  std::list<std::string> by_age_;
};

// All lists of a configuration. Any thread; outlives nobody who asks.
class BlockLists {
 public:
  // A list that is slower has nothing against anybody.
  static constexpr base::Duration kPatience = std::chrono::seconds(5);

  BlockLists(std::vector<std::string> zones, io::Resolver& resolver, io::Timers& timers,
             const base::Clock& clock, base::Metrics& metrics);

  // One client, looked up while its session goes on. From the executor that it was begun on.
  class Inquiry {
   public:
    explicit Inquiry(std::unique_ptr<io::Timer> told) : told_(std::move(told)) {}
    // Some list has it, or all have spoken or had their time.
    bool over() const { return zone_ || left_ == 0; }
    io::Task<void> wait_until_over();
    // The list that it is on.
    const std::optional<std::string>& zone() const { return zone_; }

   private:
    friend class BlockLists;
    std::unique_ptr<io::Timer> told_;
    std::size_t left_ = 0;
    std::optional<std::string> zone_;
  };
  // Null: there is nothing to ask about this address.
  std::shared_ptr<Inquiry> ask(const io::Executor& executor, std::string_view address);

 private:
  io::Task<void> look_up(std::string zone, std::string name, std::shared_ptr<Inquiry> inquiry);
  void count(std::string_view zone, std::string_view outcome);

  const std::vector<std::string> zones_;
  io::Resolver& resolver_;
  io::Timers& timers_;
  const base::Clock& clock_;
  base::Metrics& metrics_;
  ListingCache cache_;
};

}  // namespace beredd::service
