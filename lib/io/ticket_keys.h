#pragma once
// The keys of session tickets (RFC 5077 §4, RFC 8446 §4.6.1): made here, kept in memory only, and
// shared by all certificates, those of a later reload too.

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include <openssl/ssl.h>

namespace beredd::io {

struct TicketKey {
  std::array<unsigned char, 16> name{};
  std::array<unsigned char, 32> cipher{};
  std::array<unsigned char, 32> mac{};
};

// A key seals tickets for kIssuing, and opens them for as long again: who steals the process's
// memory reads nothing of the sessions before that. Any thread.
class TicketKeys {
 public:
  using Point = std::chrono::steady_clock::time_point;
  static constexpr auto kIssuing = std::chrono::hours(12);

  ~TicketKeys();
  // Nothing: there is no randomness to be had, and so no ticket.
  std::optional<TicketKey> issuing(Point now);
  struct Found {
    TicketKey key;
    bool renew = false;  // no longer the issuing one: the client should be given a new ticket
  };
  std::optional<Found> find(std::span<const unsigned char, 16> name, Point now);

 private:
  struct Aged {
    TicketKey key;
    Point made;
  };
  void forget_old(Point now);

  std::mutex mutex_;
  std::deque<Aged> keys_;  // the newest first
};

// Makes `context` seal and open its tickets with `keys`.
bool use_ticket_keys(SSL_CTX* context, std::shared_ptr<TicketKeys> keys);

}  // namespace beredd::io
