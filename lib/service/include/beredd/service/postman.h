#pragma once
// Sends what the desk has written: what is queued for kOutgoing (outgoing.h) goes out over one
// connection to the smarthost, or, where the target goes to each domain's own host, over one
// connection a domain, to kMostAtOnce of them at a time: a slow one holds up its own mail alone. A
// ticket's mails, and a domain's, leave in order.
//
// Never twice. A mail is `offered` on disk before its first byte leaves. One whose answer was not
// seen (a crash, a connection lost after the final dot) is possibly sent: it goes to the
// quarantine, and again only when a person says so. What is refused, or was tried in vain for
// `outgoing.give_up`, goes there too; its ticket is marked as undelivered until a later mail of it
// is taken.
//
// To the hosts of several domains it goes in parts (store/parts.h): what became of each is on disk
// before the next one is begun, each has its own attempts, and none that is over is tried again,
// but by a person who sends it once more: then those that did not take it are.

#include <cstddef>
#include <memory>

#include "beredd/io/target.h"
#include "beredd/service/context.h"

namespace beredd::service {

// Runs on `executor`, which must not run two things at once (a strand).
class Postman {
 public:
  static constexpr std::size_t kMostAtOnce = 8;

  // `target` outlives the postman.
  Postman(Context& context, io::Target& target, io::Executor executor);
  ~Postman();

  void start();
  void wake();  // something was queued; any thread
  // Begins nothing new; returns when what is on its way is written down, or after `patience`.
  io::Task<void> drain(base::Duration patience);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace beredd::service
