#pragma once
// Takes mail in over SMTP and LMTP: every session drives a sans-IO protocol object, streams the
// message to the store in chunks, and says 250 after the commit is on disk (RFC 5321 §6.1).

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "beredd/io/network.h"
#include "beredd/io/resolver.h"
#include "beredd/io/tls.h"
#include "beredd/service/context.h"
#include "beredd/smtp/server_session.h"

namespace beredd::service {

class BlockLists;

// Starts the hand-back to a primary, by its name; what ETRN asks for. Any thread.
using HandbackRun = std::function<io::Task<base::Status>(std::string primary)>;

// Accepts on any number of listeners. Runs on `executor`; each session on its stream's own.
class Intake {
 public:
  // `tls`: null when STARTTLS is not offered.
  Intake(Context& context, io::Executor executor, io::TlsContext* tls);
  ~Intake();

  // Before serve(). Without it ETRN is answered 458.
  void hand_back_by(HandbackRun run);

  // Before the executor runs. Without it no block list of smtp.limits.dnsbl is asked.
  void look_up_by(io::Resolver& resolver);

  // From the executor, or before it runs.
  void serve(std::unique_ptr<io::Listener> listener,
             smtp::Protocol protocol = smtp::Protocol::smtp);

  // No new session and no new transaction from here on; those under way may finish. True: all did
  // within `patience`; after it the rest were closed. A message that had no 250 is not ours.
  io::Task<bool> drain(base::Duration patience);

 private:
  struct Sessions;
  io::Task<void> accept_forever(std::shared_ptr<io::Listener> listener, smtp::Protocol protocol);

  Context& context_;
  io::Executor executor_;
  io::TlsContext* tls_;
  HandbackRun run_;
  std::shared_ptr<BlockLists> block_lists_;
  std::set<std::shared_ptr<io::Listener>> listeners_;
  std::shared_ptr<Sessions> sessions_;
};

}  // namespace beredd::service
