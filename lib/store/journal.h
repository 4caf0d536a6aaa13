#pragma once
// The journal: every step as an entry, each chained to the one before (vault/hash_chain.h).

#include "change.h"

namespace beredd::store {

// Appends `entry`; its seq and hash are set here.
base::Status write_journal(Change& change, JournalEntry entry);

// Entries behind `after`, in order, each held against the hash of its predecessor and the last one
// against `end`, where the chain ends.
// Errors: permanent/corrupt when an entry is missing, was changed or does not follow.
base::Result<std::vector<JournalEntry>> read_journal(const Tables& tables, const Counters& end,
                                                     base::JournalSeq after, std::size_t limit);

}  // namespace beredd::store
