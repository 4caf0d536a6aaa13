#pragma once
// Sends what the desk has written: what is queued for kOutgoing (outgoing.h) goes out over one
// connection to the smarthost, a ticket's mails in order.
//
// Never twice. A mail is `offered` on disk before its first byte leaves. One whose answer was not
// seen (a crash, a connection lost after the final dot) is possibly sent: it goes to the
// quarantine, and again only when a person says so. What is refused, or was tried in vain for
// kGivesUp, goes there too; its ticket is marked as undelivered until a later mail of it is taken.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "beredd/io/target.h"
#include "beredd/service/context.h"

namespace beredd::service {

// Runs on `executor`, which must not run two things at once (a strand).
class Postman {
 public:
  // Waits between attempts; the last one repeats (RFC 5321 §4.5.4.1).
  static const std::vector<base::Duration>& retries();
  static constexpr base::Duration kGivesUp = std::chrono::hours(48);

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
