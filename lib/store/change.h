#pragma once
// What one write transaction carries along beside its tables.

#include "codec.h"
#include "tables.h"

#include <set>

namespace beredd::store {

// Lives as long as its transaction; thrown away with it when the transaction is aborted.
struct Change {
  Tables& tables;
  Counters counters;  // written at commit, once per transaction
  std::set<base::BodyId> fresh =
      {};  // bodies whose first chunk came in this transaction, not yet taken
};

}  // namespace beredd::store
