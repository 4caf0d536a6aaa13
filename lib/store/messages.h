#pragma once
// Messages: accepted, waiting to be sorted, sorted.

#include "change.h"

namespace beredd::store {

base::Result<Message> read_message(const Tables& tables, base::MessageId id);
base::Result<std::optional<Sorted>> read_sorted(const Tables& tables, base::MessageId id);
std::vector<base::MessageId> messages_behind(const Tables& tables, base::MessageId after,
                                             std::size_t limit);
std::vector<base::MessageId> messages_before(const Tables& tables, base::MessageId before,
                                             std::size_t limit);
std::vector<base::MessageId> unsorted_behind(const Tables& tables, base::MessageId after,
                                             std::size_t limit);
int sort_attempts(const Tables& tables, base::MessageId id);

// Errors: permanent/not_found when a chunk of its body is not there.
base::Result<base::MessageId> accept_message(Change& change, Message message);
// Errors of both: permanent/not_found. put_sorted: permanent/exists when it is sorted.
base::Status mark_sort_attempt(Change& change, base::MessageId id);
void rewrite_sorted(Change& change, base::MessageId id, const Sorted& sorted);
base::Status put_sorted(Change& change, base::MessageId id, const Sorted& sorted);
// See WriteTxn::add_message().
base::Result<base::MessageId> add_message(Change& change, Message message, Sorted sorted);

}  // namespace beredd::store
