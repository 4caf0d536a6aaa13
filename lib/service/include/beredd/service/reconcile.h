#pragma once
// Reading a primary back: what it acknowledged is looked up there, message by message, and what is
// not there once, byte for byte, is listed. Whatever is found is proven anew.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "beredd/config/config.h"
#include "beredd/io/target.h"
#include "beredd/service/context.h"

namespace beredd::service {

struct Discrepancy {
  enum class Kind { missing, doubled, altered };
  Kind kind = Kind::missing;
  base::MessageId message;
  base::TicketId ticket;
  std::string words;  // what was seen there
};
std::string_view name(Discrepancy::Kind kind);

// One reading back, under way or ended.
struct Reconciliation {
  std::string primary;
  base::Instant started{};
  std::optional<base::Instant> ended;
  std::uint64_t total = 0;      // acknowledged or proven, to be looked up
  std::uint64_t looked_up = 0;  // of them, so far
  std::uint64_t missing = 0, doubled = 0, altered = 0;
  std::uint64_t uncompared = 0;   // found, but what is there can be neither counted nor compared
  std::uint64_t fresh = 0;        // not there yet, and given too lately to be missing
  std::uint64_t waiting = 0;      // held, queued or offered: not given back yet
  std::uint64_t quarantined = 0;  // suspended: for a person to decide
  std::vector<Discrepancy> discrepancies;  // the first kMostDiscrepancies
  std::string failure;                     // why it ended before its end; empty: it did not

  static constexpr std::size_t kMostDiscrepancies = 1000;
  // All that was taken is there once and unchanged, and nothing is suspended.
  bool clean() const {
    return ended && failure.empty() && missing + doubled + altered + quarantined == 0;
  }
};

// Any thread, but for add().
class Reconcile {
 public:
  // What the reading back runs on: a strand.
  Reconcile(Context& context, io::Executor executor);
  ~Reconcile();

  // Before anything else; both outlive it.
  void add(const config::Primary& primary, io::Target& target);

  // Begins to read back what was given since then, or everything. Errors: permanent/not_found for a
  // primary that there is not, permanent/conflict while one is under way.
  base::Status start(std::string_view primary, std::optional<base::Instant> since);
  // The one under way, or the last one since the start of the daemon.
  std::optional<Reconciliation> latest(std::string_view primary) const;
  // Those under way end at the next message.
  void stop();

 private:
  struct Place {
    const config::Primary* primary;
    io::Target* target;
  };
  struct State;
  const std::shared_ptr<State> state_;
};

}  // namespace beredd::service
