#pragma once
// What one write transaction carries along beside its tables.

#include "codec.h"
#include "tables.h"

#include <set>

namespace beredd::store {

// Refuses what a scarce disk has no room for.
inline base::Error too_scarce() {
  return base::transient(base::Code::store_full, "the disk is full, and its reserve is in use");
}

// Lives as long as its transaction; thrown away with it when the transaction is aborted.
struct Change {
  Tables& tables;
  Counters counters;  // written at commit, once per transaction
  std::set<base::BodyId> fresh =
      {};  // bodies whose first chunk came in this transaction, not yet taken
  // The disk is on its reserve: only what became of the mail that is ours already is written.
  bool scarce = false;
};

}  // namespace beredd::store
