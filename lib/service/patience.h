#pragma once
// How long what a primary was given may be on its way behind its door, before not finding it there
// means that it is not there.

#include <chrono>

#include "beredd/config/config.h"

namespace beredd::service {

inline base::Duration patience_with(const config::Primary& primary) {
  if (primary.look_up) return primary.look_up->patience;
  // An APPEND whose connection broke may end a moment later; CHECKPOINT knows at once.
  const bool mailbox = primary.target.kind == config::TargetKind::imap;
  return mailbox ? base::Duration(std::chrono::seconds(10)) : base::Duration();
}

}  // namespace beredd::service
