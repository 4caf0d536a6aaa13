#pragma once
// One simulated connection: two pipes that share the faults of the server's address.

#include "simulation/schedule.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beredd::simulation {

// What is wrong on the way to one address. A change acts on the connections that are there, too.
struct Faults {
  bool refuse = false;       // nobody answers there: "connection refused"
  bool hang = false;         // a black hole; what was sent meanwhile arrives when it ends
  bool fragment = false;     // reads give pieces of random length
  base::Duration latency{};  // one way
  // A connection breaks when it has carried so many bytes that way, …
  std::optional<std::uint64_t> cut_to_server{};
  std::optional<std::uint64_t> cut_to_client{};
  // … or when this text has reached the server: "\r\n.\r\n" loses the answer to the final dot.
  std::string cut_after_text{};
  std::string tls_failure{};  // what does not verify, as client
};

// One direction. Everything in one thread.
class Pipe : public std::enable_shared_from_this<Pipe> {
 public:
  static constexpr std::size_t kCapacity = 256 * 1024;  // as a socket buffer

  Pipe(const io::Executor& executor, Schedule& schedule, std::shared_ptr<const Faults> faults)
      : readable(executor), writable(executor), schedule_(schedule), faults_(std::move(faults)) {}

  std::size_t room() const { return kCapacity - std::min(kCapacity, on_the_way_ + here_.size()); }
  bool broken() const { return broken_; }
  bool ended() const { return ended_ && here_.empty(); }
  bool empty() const { return here_.empty(); }
  std::uint64_t carried() const { return carried_; }

  void push(std::string bytes) {
    carried_ += bytes.size();
    on_the_way_ += bytes.size();
    send(Parcel{std::move(bytes), false});
  }
  // The reader finds the end behind what is under way.
  void end() { send(Parcel{"", true}); }
  // At once, and nothing more arrives; what is here can still be read.
  void sever() {
    broken_ = ended_ = true;
    readable.ring();
    writable.ring();
  }

  std::string take(std::size_t most) {
    std::string bytes = here_.substr(0, most);
    here_.erase(0, most);
    writable.ring();
    return bytes;
  }

  // What a black hole has kept goes on.
  void release() {
    std::vector<Parcel> kept;
    kept.swap(kept_);
    for (Parcel& parcel : kept) arrive(std::move(parcel));
  }

  Bell readable;
  Bell writable;

 private:
  struct Parcel {
    std::string bytes;
    bool last = false;
  };

  // Never before what was sent earlier, even when the latency has become less.
  void send(Parcel parcel) {
    if (faults_->latency == base::Duration::zero() && flying_ == 0) {
      return arrive(std::move(parcel));
    }
    ++flying_;
    last_arrival_ = std::max(last_arrival_, schedule_.in(faults_->latency));
    schedule_.at(last_arrival_, [self = shared_from_this(), parcel = std::move(parcel)] {
      --self->flying_;
      self->arrive(parcel);
    });
  }
  void arrive(Parcel parcel) {
    if (faults_->hang || !kept_.empty()) return kept_.push_back(std::move(parcel));
    on_the_way_ -= parcel.bytes.size();
    if (broken_) return;
    here_ += parcel.bytes;
    ended_ = ended_ || parcel.last;
    readable.ring();
  }

  Schedule& schedule_;
  std::shared_ptr<const Faults> faults_;
  std::string here_;
  std::vector<Parcel> kept_;
  std::size_t on_the_way_ = 0;
  std::size_t flying_ = 0;  // parcels with an arrival on the schedule
  base::Instant last_arrival_{};
  std::uint64_t carried_ = 0;
  bool ended_ = false;
  bool broken_ = false;
};

struct Link {
  Link(const io::Executor& executor, Schedule& schedule, std::shared_ptr<Faults> shared)
      : faults(std::move(shared)),
        to_server(std::make_shared<Pipe>(executor, schedule, faults)),
        to_client(std::make_shared<Pipe>(executor, schedule, faults)) {}

  // Sends `bytes`, or as much of them as the faults let pass before they break the connection.
  void carry(bool from_client, std::string_view bytes) {
    Pipe& pipe = from_client ? *to_server : *to_client;
    const auto fatal = from_client ? cut_on_the_way_to_server(bytes)
                                   : rest_of(faults->cut_to_client, pipe.carried(), bytes.size());
    pipe.push(std::string(bytes.substr(0, fatal.value_or(bytes.size()))));
    if (!fatal) return;
    // The other direction breaks at once; this one behind what it still carries.
    pipe.end();
    (from_client ? *to_client : *to_server).sever();
    severed = true;
  }

  void sever() {
    severed = true;
    to_server->sever();
    to_client->sever();
  }

  std::shared_ptr<Faults> faults;
  std::shared_ptr<Pipe> to_server;
  std::shared_ptr<Pipe> to_client;
  bool severed = false;

 private:
  static std::optional<std::size_t> rest_of(std::optional<std::uint64_t> limit,
                                            std::uint64_t carried, std::size_t size) {
    if (!limit || carried + size < *limit) return std::nullopt;
    return static_cast<std::size_t>(*limit > carried ? *limit - carried : 0);
  }

  std::optional<std::size_t> cut_on_the_way_to_server(std::string_view bytes) {
    if (!faults->cut_after_text.empty()) {
      const std::string seen = tail_ + std::string(bytes);
      // A match must end in the new bytes.
      const std::size_t text = faults->cut_after_text.size();
      const auto found =
          seen.find(faults->cut_after_text, tail_.size() >= text ? tail_.size() - text + 1 : 0);
      if (found != std::string::npos) {
        return found + text - tail_.size();
      }
    }
    constexpr std::size_t kTail = 64;
    tail_.append(bytes);
    if (tail_.size() > kTail) tail_.erase(0, tail_.size() - kTail);
    return rest_of(faults->cut_to_server, to_server->carried(), bytes.size());
  }

  std::string tail_;  // the last bytes sent to the server: a text may come in pieces
};

}  // namespace beredd::simulation
