#pragma once
// Takes mail in over SMTP: every session drives a sans-IO protocol object, streams the message to
// the store in chunks, and says 250 after the commit is on disk (RFC 5321 §6.1).

#include <memory>
#include <set>
#include <string>

#include "beredd/io/network.h"
#include "beredd/io/tls.h"
#include "beredd/service/context.h"

namespace beredd::service {

// Accepts on any number of listeners. Runs on `executor`; each session on its stream's own.
class Intake {
 public:
  // `tls`: null when STARTTLS is not offered.
  Intake(Context& context, io::Executor executor, io::TlsContext* tls);
  ~Intake();

  void serve(std::unique_ptr<io::Listener> listener);  // from the executor, or before it runs

  // No new session and no new transaction from here on; those under way may finish. True: all did
  // within `patience`; after it the rest were closed. A message that had no 250 is not ours.
  io::Task<bool> drain(base::Duration patience);

 private:
  struct Sessions;
  io::Task<void> accept_forever(std::shared_ptr<io::Listener> listener);

  Context& context_;
  io::Executor executor_;
  io::TlsContext* tls_;
  std::set<std::shared_ptr<io::Listener>> listeners_;
  std::shared_ptr<Sessions> sessions_;
};

}  // namespace beredd::service
