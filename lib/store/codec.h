#pragma once
// Between the plain facts and their FlatBuffers. Decoding verifies first: a record that does not
// verify, or holds a number that names nothing, is permanent/corrupt.

#include <string>
#include <string_view>

#include "beredd/base/result.h"
#include "beredd/store/body.h"
#include "beredd/store/records.h"

namespace beredd::store {

// A delivery's record also keeps the size of its message, so that lanes need not open messages.
struct StoredDelivery {
  Delivery delivery;
  base::Bytes size;
};

// The last numbers given, and the end of the journal's chain.
struct Counters {
  std::uint64_t last_message = 0;
  std::uint64_t last_ticket = 0;
  std::uint64_t journal_seq = 0;
  base::Sha256 journal_hash{};
  std::uint64_t last_arrival = 0;  // of the intake log: all up to here are in the tables
  friend bool operator==(const Counters&, const Counters&) = default;
};

std::string encode(const Message& message);  // without its id, which is the key
std::string encode(const Sorted& sorted);
std::string encode(const ticket::Ticket& ticket);  // without its id
std::string encode(const StoredDelivery& stored);  // without its message, which is in the key
std::string encode(const TransitionRecord& record);
std::string encode(const failover::Standing& standing);
std::string encode(const Switches& switches);
std::string encode(const Abilities& abilities);
std::string encode(const JournalEntry& entry);  // without its hash
std::string encode(const Counters& counters);
std::string encode(const BulkAction& action);
std::string encode(const Arrival& arrival);  // without the bytes of its chunk

base::Result<Message> decode_message(base::MessageId id, std::string_view bytes);
base::Result<Sorted> decode_sorted(std::string_view bytes);
base::Result<ticket::Ticket> decode_ticket(base::TicketId id, std::string_view bytes);
base::Result<StoredDelivery> decode_delivery(base::MessageId id, std::string_view bytes);
base::Result<TransitionRecord> decode_transition(std::string_view bytes);
base::Result<failover::Standing> decode_standing(std::string_view bytes);
base::Result<Switches> decode_switches(std::string_view bytes);
base::Result<Abilities> decode_abilities(std::string_view bytes);
base::Result<JournalEntry> decode_journal_entry(std::string_view bytes);
base::Result<Counters> decode_counters(std::string_view bytes);
base::Result<BulkAction> decode_bulk_action(std::string_view bytes);
base::Result<Arrival> decode_arrival(std::string_view bytes, std::string_view chunk);

}  // namespace beredd::store
