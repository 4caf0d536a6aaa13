#pragma once
// The journal: every step as an entry, each chained to the one before (vault/hash_chain.h), and by
// ticket (table ticket_history).

#include "change.h"

namespace beredd::store {

// Appends `entry`; its seq and hash are set here.
base::Status write_journal(Change& change, JournalEntry entry);

// Entries behind `after`, in order, each held against the hash of its predecessor and the last one
// against `end`, where the chain ends.
// Errors: permanent/corrupt when an entry is missing, was changed or does not follow.
base::Result<std::vector<JournalEntry>> read_journal(const Tables& tables, const Counters& end,
                                                     base::JournalSeq after, std::size_t limit);

// Entries behind `after` that name `ticket`, or one that went up in it. Each is known by its seal
// and its number; read_journal() is what holds the chain together.
// Errors: permanent/not_found, permanent/corrupt.
base::Result<std::vector<JournalEntry>> read_history(const Tables& tables, base::TicketId ticket,
                                                     base::JournalSeq after, std::size_t limit);

// Makes ticket_history of a journal that was written without. An entry that does not open is passed
// over: a store must open, and read_journal() tells.
base::Status index_journal(Tables& tables);

}  // namespace beredd::store
