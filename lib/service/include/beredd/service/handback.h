#pragma once
// What an operator may do to the giving back, and what there is to see of it.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "beredd/service/modes.h"

namespace beredd::service {

// One line of `handback status`.
struct HandbackView {
  std::string primary;
  store::DeliveryCounts counts;
  std::optional<base::Instant> oldest;  // when the oldest message that waits was received
  double rate = 0;                      // acknowledged per second over the last ten
  bool paused = false;
  bool needs_run = false;  // waits for `handback run`
};

// What a hand-back would do now, ticket by ticket, in the order in which it would.
struct PlannedTicket {
  base::TicketId ticket;
  std::string subject;
  std::vector<base::MessageId> messages;
  base::Bytes size;
};
struct Plan {
  std::string primary;
  std::vector<PlannedTicket> tickets;  // at most `limit`
  std::uint64_t messages = 0;          // in all
};

// Any thread. Errors: permanent/not_found for a primary or a message that is not there,
// permanent/conflict for a step that the delivery's state does not allow.
class Handback {
 public:
  Handback(Context& context, Modes& modes);

  base::Result<std::vector<HandbackView>> status() const;
  base::Result<Plan> plan(std::string_view primary, std::size_t limit) const;

  io::Task<base::Status> pause(std::string primary);
  io::Task<base::Status> resume(std::string primary);
  // Starts a hand-back that waits for a person ("handback = manual").
  io::Task<base::Status> run(std::string primary);

  // All that is quarantined for any primary, oldest first.
  base::Result<std::vector<store::Delivery>> quarantine(std::size_t limit) const;
  io::Task<base::Status> retry(base::MessageId message, std::string primary);
  io::Task<base::Status> drop(base::MessageId message, std::string primary, std::string why);

  // --- for the relay
  store::Switches switches(std::string_view primary) const;
  void acknowledged(std::string_view primary);  // one more, now: for the rate
  // The relay is woken through this after a switch or a retry.
  void subscribe(std::function<void(std::string_view primary)> told);

 private:
  io::Task<base::Status> put_switches(std::string primary,
                                      std::function<void(store::Switches&)> change,
                                      std::string what);

  Context& context_;
  Modes& modes_;
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<base::Instant>, std::less<>> recent_;
  std::vector<std::function<void(std::string_view)>> told_;
};

}  // namespace beredd::service
