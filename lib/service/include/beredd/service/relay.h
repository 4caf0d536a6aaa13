#pragma once
// Gives mail to one primary: at once in normal mode, not at all in fallback, one canary in
// probation, in a rising rate at hand-back. One ticket's messages go in order, tickets go in
// parallel.
//
// Exactly once. A delivery is `offered` on disk before the first byte leaves, and `acknowledged` on
// disk after the primary's 2xx. One that was offered and whose answer was not seen (a crash, a lost
// connection after the final dot) is looked up in the primary before it is offered again; where the
// primary cannot be asked, it goes to the quarantine, marked as possibly delivered.

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "beredd/io/target.h"
#include "beredd/service/handback.h"
#include "beredd/service/modes.h"

namespace beredd::service {

// Runs on `executor`, which must not run two things at once (a strand).
class Relay {
 public:
  // `target` outlives the relay.
  Relay(Context& context, Modes& modes, Handback& handback, const config::Primary& primary,
        io::Target& target, io::Executor executor);
  ~Relay();

  void start();
  void wake();  // there may be something to do; any thread
  // Takes nothing new on. What is on its way is finished within `patience`; returns when all stands
  // still.
  io::Task<void> drain(base::Duration patience);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace beredd::service
