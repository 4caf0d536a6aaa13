#pragma once
// When the table writer does what nobody waits for: settling the log into the tables, and
// background work. Pure: time is an argument.
//
// A client waits for its 250, and nobody for the transaction behind it: the log settles when mail
// pauses, or else before it grows old or full. Nobody waits for a mail to be sorted: background
// work has the writer when it is quiet, lets a burst go by, and under lasting load has a fixed
// share of the writer's time: enough that sorting never stands still, too little for senders to
// feel.

#include <algorithm>
#include <chrono>
#include <optional>

namespace beredd::store {

class WriterPace {
 public:
  using Point = std::chrono::steady_clock::time_point;
  using Length = std::chrono::steady_clock::duration;

  static constexpr Length kPause = std::chrono::milliseconds(20);   // no mail for so long: settle
  static constexpr Length kOld = std::chrono::milliseconds(1000);   // settle, whatever comes
  static constexpr double kFull = 0.7;                              // of the log: likewise
  static constexpr double kNoRoom = 0.85;                           // of the log: mail waits
  static constexpr Length kRetry = std::chrono::milliseconds(500);  // after settling failed
  static constexpr Length kQuiet = std::chrono::milliseconds(20);
  static constexpr Length kBurst = std::chrono::seconds(1);  // background work lets it go by
  static constexpr int kShare = 8;  // under load, one part in so many of the writer's time

  void accepted(Point now) {
    if (!oldest_) oldest_ = now;
    newest_ = now;
    applied(now);
  }
  void settled() {
    oldest_.reset();
    failing_ = false;
  }
  void settling_failed(Point now) {
    retry_ = now + kRetry;
    failing_ = true;
  }
  // Mail waits for room in the log, unless there is no telling when there will be any.
  bool room_for_mail(double full) const { return full <= kNoRoom || failing_; }
  void applied(Point now) {
    if (now >= quiet_) burst_ = now + kBurst;
    quiet_ = now + kQuiet;
  }
  void background_ended(Point now, Length took) { rested_ = now + took * (kShare - 1); }

  bool unsettled() const { return oldest_.has_value(); }
  bool settling_due(Point now, bool mail_waits, double full) const {
    if (!oldest_ || now < retry_) return false;
    return full >= kFull || now >= *oldest_ + kOld || (!mail_waits && now >= newest_ + kPause);
  }
  bool background_due(Point now, bool urgent_waits) const {
    return now >= share() || (!urgent_waits && now >= quiet_);
  }
  // Until when the writer may sleep when nothing waits; nothing: until it is woken.
  std::optional<Point> wake_up(bool background_waits) const {
    std::optional<Point> at;
    if (oldest_) at = std::max(newest_ + kPause, retry_);
    if (background_waits) at = std::min(at.value_or(Point::max()), std::min(quiet_, share()));
    return at;
  }

 private:
  // From when on background work has its share, whatever comes.
  Point share() const { return std::max(rested_, burst_); }

  bool failing_ = false;
  std::optional<Point> oldest_;  // of what is not settled
  Point newest_{}, retry_{}, quiet_{}, rested_{}, burst_{};
};

}  // namespace beredd::store
