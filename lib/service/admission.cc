#include "admission.h"

#include "networks.h"

#include <algorithm>

namespace beredd::service {

using smtp::reply;

namespace {

constexpr base::Duration kMinute = std::chrono::minutes(1);

}  // namespace

void count_limited(base::Metrics& metrics, std::string_view limit, std::uint64_t times) {
  if (times == 0) return;
  metrics
      .counter("beredd_smtp_limited_total", "What a limit of smtp refused or ended, by limit",
               base::label("limit", limit))
      .add(times);
}

Admission::Admission(const config::Smtp& config) : config_(config) {}

Admission::Client Admission::client(std::string_view address) const {
  Client client{counted_network(address), Standing::stranger};
  if (lies_in(config_.trusted, address)) {
    client.standing = Standing::trusted;
  } else if (lies_in(config_.xclient_from, address) ||
             lies_in(config_.proxy_protocol_from, address)) {
    client.standing = Standing::front;
  }
  return client;
}

std::optional<Refusal> Admission::enter(const Client& client, base::Instant at) {
  const std::lock_guard lock(mutex_);
  const bool trusted = client.standing == Standing::trusted;
  const int places = config_.max_sessions + (trusted ? config_.limits.reserved_sessions : 0);
  if (sessions_ >= places) {
    return Refusal{reply(421, "4.3.2", "all places are taken; try again later"),
                   places > config_.max_sessions ? "reserved_sessions" : "max_sessions"};
  }
  if (client.counted()) {
    if (auto refusal = admit(*client.network, at)) return refusal;
  }
  ++sessions_;
  return {};
}

void Admission::leave(const Client& client) {
  const std::lock_guard lock(mutex_);
  --sessions_;
  if (client.counted()) go(*client.network);
}

std::optional<Refusal> Admission::change(const Client& from, const Client& to, base::Instant at) {
  const std::lock_guard lock(mutex_);
  if (from.counted() && to.counted() && from.network == to.network) return {};
  // The places beyond max_sessions are for those who are trusted themselves.
  if (to.standing != Standing::trusted && sessions_ > config_.max_sessions) {
    return Refusal{reply(421, "4.3.2", "all places are taken; try again later"), "max_sessions"};
  }
  if (to.counted()) {
    if (auto refusal = admit(*to.network, at)) return refusal;
  }
  if (from.counted()) go(*from.network);
  return {};
}

std::optional<Refusal> Admission::message(const Client& client, base::Instant at) {
  if (take_of(client, messages, config_.limits.messages_per_minute, at)) return {};
  return Refusal{reply(421, "4.7.0", "too many mails from your network; try again later"),
                 "messages_per_minute"};
}

std::optional<Refusal> Admission::recipient(const Client& client, base::Instant at) {
  if (take_of(client, recipients, config_.limits.recipients_per_minute, at)) return {};
  return Refusal{reply(452, "4.5.3", "too many recipients from your network; try again later"),
                 "recipients_per_minute"};
}

int Admission::sessions() const {
  const std::lock_guard lock(mutex_);
  return sessions_;
}

std::size_t Admission::networks() const {
  const std::lock_guard lock(mutex_);
  return networks_.size();
}

bool Admission::take(Bucket& bucket, int per_minute, base::Instant at) const {
  if (per_minute == 0) return true;
  const base::Duration token = kMinute / per_minute;
  // Never emptier than empty: a clock that was set back bars nobody for longer than a minute.
  bucket = std::clamp(bucket, at, at + kMinute);
  if (bucket + token > at + kMinute) return false;
  bucket += token;
  return true;
}

std::optional<Refusal> Admission::admit(std::uint64_t number, base::Instant at) {
  Network& network = find(number);
  const int most = config_.limits.sessions_per_network;
  if (most != 0 && network.sessions >= most) {
    return Refusal{reply(421, "4.7.0", "too many connections from your network"),
                   "sessions_per_network"};
  }
  if (!take(network.buckets[connections], config_.limits.connections_per_minute, at)) {
    return Refusal{reply(421, "4.7.0", "connections from your network come too fast"),
                   "connections_per_minute"};
  }
  if (network.sessions++ == 0) idle_.erase(network.idle);
  return {};
}

void Admission::go(std::uint64_t number) {
  Network& network = networks_.at(number);
  if (--network.sessions > 0) return;
  network.idle = idle_.insert(idle_.begin(), number);
  if (idle_.size() <= kRemembered) return;
  networks_.erase(idle_.back());
  idle_.pop_back();
}

bool Admission::take_of(const Client& client, Rate rate, int per_minute, base::Instant at) {
  if (!client.counted()) return true;
  const std::lock_guard lock(mutex_);
  return take(networks_.at(*client.network).buckets[rate], per_minute, at);
}

// One that has no session becomes the latest of these.
Admission::Network& Admission::find(std::uint64_t number) {
  const auto [found, is_new] = networks_.try_emplace(number);
  Network& network = found->second;
  if (is_new) {
    network.idle = idle_.insert(idle_.begin(), number);
    if (idle_.size() > kRemembered) {
      networks_.erase(idle_.back());
      idle_.pop_back();
    }
  } else if (network.sessions == 0) {
    idle_.splice(idle_.begin(), idle_, network.idle);
  }
  return network;
}

}  // namespace beredd::service
