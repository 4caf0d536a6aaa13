#pragma once
// What one session may use up: mails, recipients, guesses, and time. Pure: time is an argument.

#include "admission.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "beredd/base/clock.h"
#include "beredd/config/config.h"

namespace beredd::service {

// Not thread-safe; one per session.
class SessionLimits {
 public:
  enum class Stage { command, data };
  // How long the next read may wait, zero when it is over already, and the limit that ends it: its
  // key in smtp.limits, or the time-out of a client that is merely silent. Either way: 421 4.4.2.
  struct Patience {
    base::Duration wait{};
    std::string_view limit;
  };
  // In data, the average rate is looked at once data_timeout has passed: who may be silent for so
  // long may also be slow.
  SessionLimits(const config::Smtp& config, base::Instant began);

  // Before each read.
  Patience patience(Stage stage, base::Instant at);
  // Before each write. All replies between two reads together have idle_timeout: who sends many
  // commands at once and takes in one answer every four minutes would never be ended otherwise.
  base::Duration patience_to_be_read() const { return idle_timeout_ - writing_; }
  // What a write took.
  void wrote(base::Duration took) { writing_ = std::min(writing_ + took, idle_timeout_); }
  // What a read brought.
  void received(Stage stage, std::size_t bytes);
  // The protocol moved on: the next line has its time to itself.
  void line_ended() { line_began_.reset(); }

  // Nothing: go on.
  std::optional<Refusal> message();
  std::optional<Refusal> recipient();
  std::optional<Refusal> unknown_recipient();

 private:
  const config::Limits limits_;
  const base::Duration idle_timeout_, data_timeout_;
  const base::Instant began_;
  std::optional<base::Instant> line_began_;
  std::optional<base::Instant> data_began_;  // of the present mail
  std::uint64_t data_received_ = 0;
  base::Duration writing_{};  // since the last read
  int messages_ = 0, recipients_ = 0, unknown_recipients_ = 0;
};

}  // namespace beredd::service
