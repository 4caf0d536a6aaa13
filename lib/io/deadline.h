#pragma once
// Ends one waiting operation when its time is over, told apart from every other way to end.

#include <memory>

#include <boost/asio/cancellation_signal.hpp>

#include "beredd/base/units.h"
#include "beredd/io/task.h"

namespace beredd::io {

// One operation at a time; used from its executor only. An operation is what lies between begin()
// and end(); it may wait more than once, each time with slot(), and looks at passed() before it
// does.
//
// The timer is not turned off at the end of an operation but left to run out: a connection that
// reads a thousand times within its time-out sets one timer, not a thousand.
class Deadline {
 public:
  explicit Deadline(const Executor& executor);
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  void begin(base::Duration timeout);
  void end();
  bool passed() const;
  boost::asio::cancellation_slot slot();
  // Ends what waits without passed() becoming true.
  void cancel();

 private:
  struct State;
  static void arm(const std::shared_ptr<State>& state);
  std::shared_ptr<State> state_;  // the timer's handler may outlive us
};

}  // namespace beredd::io
