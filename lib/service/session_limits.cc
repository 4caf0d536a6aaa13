#include "session_limits.h"

#include <algorithm>

namespace beredd::service {

using smtp::reply;

SessionLimits::SessionLimits(const config::Smtp& config, base::Instant began)
    : limits_(config.limits),
      idle_timeout_(config.idle_timeout),
      data_timeout_(config.data_timeout),
      began_(began) {}

SessionLimits::Patience SessionLimits::patience(Stage stage, base::Instant at) {
  writing_ = base::Duration::zero();
  Patience patience{idle_timeout_, "idle_timeout"};
  if (stage == Stage::data) patience = {data_timeout_, "data_timeout"};
  const auto end_by = [&](base::Instant deadline, std::string_view limit) {
    const base::Duration left = std::max(deadline - at, base::Duration::zero());
    if (left < patience.wait) patience = {left, limit};
  };
  if (stage == Stage::data) {
    if (!data_began_) data_began_ = at;
    const std::uint64_t rate = limits_.min_rate.count();
    if (rate == 0) return patience;
    const base::Duration earned = std::chrono::seconds(data_received_ / rate);
    end_by(*data_began_ + std::max(data_timeout_, earned), "min_rate");
    return patience;
  }
  if (!line_began_) line_began_ = at;
  end_by(*line_began_ + limits_.command_time, "command_time");
  if (limits_.session_time > base::Duration::zero()) {
    end_by(began_ + limits_.session_time, "session_time");
  }
  return patience;
}

void SessionLimits::received(Stage stage, std::size_t bytes) {
  if (stage == Stage::data) data_received_ += bytes;
}

std::optional<Refusal> SessionLimits::message() {
  const auto met = [](int count, int most) { return most != 0 && count >= most; };
  if (met(messages_, limits_.messages_per_session)) {
    return Refusal{reply(421, "4.7.0", "enough mails for one session; please connect again"),
                   "messages_per_session"};
  }
  if (met(recipients_, limits_.recipients_per_session)) {
    return Refusal{reply(421, "4.7.0", "enough recipients for one session; please connect again"),
                   "recipients_per_session"};
  }
  ++messages_;
  data_began_.reset();
  data_received_ = 0;
  return {};
}

std::optional<Refusal> SessionLimits::recipient() {
  if (limits_.recipients_per_session != 0 && recipients_ >= limits_.recipients_per_session) {
    return Refusal{reply(452, "4.5.3", "enough recipients for one session"),
                   "recipients_per_session"};
  }
  ++recipients_;
  return {};
}

std::optional<Refusal> SessionLimits::unknown_recipient() {
  const bool allowed =
      limits_.unknown_recipients == 0 || unknown_recipients_ < limits_.unknown_recipients;
  if (!allowed) {
    return Refusal{reply(421, "4.7.0", "too many unknown recipients"), "unknown_recipients"};
  }
  ++unknown_recipients_;
  return {};
}

}  // namespace beredd::service
