#pragma once
// Waiting for something to have changed: what a view that stays on the screen asks for.

#include <memory>

#include "beredd/service/context.h"

namespace beredd::service {

// Any thread.
class Changes {
 public:
  static constexpr std::size_t kMostWaiters = 64;

  explicit Changes(Context& context);
  ~Changes();

  void notify();  // something was written; quick
  void stop();    // all that wait return

  // The number of the journal's last entry, as soon as it is above `after`, or when `patience` is
  // over. Errors: transient/store_full when kMostWaiters wait already; those of the store.
  io::Task<base::Result<base::JournalSeq>> beyond(base::JournalSeq after, base::Duration patience);

 private:
  struct Waiting;
  class Place;

  Context& context_;
  // A coroutine that nobody goes on with is destroyed after the services, and leaves its place
  // then.
  std::shared_ptr<Waiting> waiting_;
};

}  // namespace beredd::service
