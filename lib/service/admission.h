#pragma once
// Who may come in, and how much each network may ask a minute. Pure: time is an argument.

#include <array>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "beredd/base/clock.h"
#include "beredd/base/metrics.h"
#include "beredd/config/config.h"
#include "beredd/smtp/reply.h"

namespace beredd::service {

// What a client is told, and the limit that it met: the last part of its key in smtp or
// smtp.limits.
struct Refusal {
  smtp::Reply reply;
  std::string_view limit;
};

// Any thread. A network without a session is remembered until 65,536 others came after it, so
// memory is bounded by that and the sessions allowed.
class Admission {
 public:
  enum class Standing {
    stranger,
    front,    // speaks for others, who are counted instead (XCLIENT, PROXY)
    trusted,  // free of what is counted by network, and may use the reserve
  };
  struct Client {
    std::optional<std::uint64_t> network;  // see counted_network()
    Standing standing = Standing::stranger;
    bool counted() const { return network && standing == Standing::stranger; }
  };
  static constexpr std::size_t kRemembered = 65'536;

  // `config` is copied as far as it is needed.
  explicit Admission(const config::Smtp& config);

  Client client(std::string_view address) const;

  // A session begins; nothing: it has a place until leave() of the same client.
  std::optional<Refusal> enter(const Client& client, base::Instant at);
  void leave(const Client& client);
  // It turned out whom a session speaks for. When refused, it keeps its place as `from`.
  std::optional<Refusal> change(const Client& from, const Client& to, base::Instant at);

  std::optional<Refusal> message(const Client& client, base::Instant at);
  std::optional<Refusal> recipient(const Client& client, base::Instant at);

  int sessions() const;
  std::size_t networks() const;  // that are remembered

 private:
  // A bucket that starts full of a minute's tokens and is refilled evenly, kept as the moment at
  // which it will be full again.
  using Bucket = base::Instant;
  enum Rate : std::size_t { connections, messages, recipients };
  struct Network {
    int sessions = 0;
    std::array<Bucket, 3> buckets{};
    std::list<std::uint64_t>::iterator idle;  // valid while it has no session
  };

  bool take(Bucket& bucket, int per_minute, base::Instant at) const;
  std::optional<Refusal> admit(std::uint64_t number, base::Instant at);
  void go(std::uint64_t number);
  bool take_of(const Client& client, Rate rate, int per_minute, base::Instant at);
  Network& find(std::uint64_t number);

  const config::Smtp config_;
  mutable std::mutex mutex_;
  int sessions_ = 0;
  std::unordered_map<std::uint64_t, Network> networks_;
  std::list<std::uint64_t> idle_;  // those without a session, the latest first
};

// In beredd_smtp_limited_total.
void count_limited(base::Metrics& metrics, std::string_view limit, std::uint64_t times = 1);

}  // namespace beredd::service
