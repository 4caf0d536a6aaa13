#include "happenings.h"

#include <algorithm>
#include <set>

#include "beredd/base/text.h"
#include "beredd/service/outgoing.h"

namespace beredd::service {
namespace {

using Kind = ticket::Happening::Kind;
using Addresses = std::set<std::string, std::less<>>;

constexpr std::size_t kHistoryAtOnce = 256;

bool is_by_a_person(const store::Message& message, const store::Sorted& sorted) {
  return !mail::is_automatic(sorted.reading.kind) && !sorted.copy_of &&
         (message.direction != store::Direction::in || message.envelope.reverse_path);
}

bool goes_to(const store::Message& message, const Addresses& customers) {
  return std::ranges::any_of(message.envelope.forward_paths, [&](const mail::Mailbox& to) {
    return customers.contains(base::lower(to.text()));
  });
}

base::Status add_messages(const store::ReadTxn& txn, const ticket::Ticket& ticket,
                          std::vector<ticket::Happening>& happenings) {
  Addresses customers{base::lower(ticket.requester.address)};
  for (const base::MessageId id : txn.messages_of(ticket.id)) {
    const auto message = txn.message(id);
    if (!message) return message.error();
    const auto sorted = txn.sorted(id);
    if (!sorted) return sorted.error();
    if (!*sorted || !is_by_a_person(*message, **sorted)) continue;
    if (message->direction == store::Direction::in) {
      for (const mail::Address& from : (*sorted)->reading.from) {
        customers.insert(base::lower(from.address));
      }
      happenings.push_back({Kind::arrival, message->received, {}});
    } else if (message->direction == store::Direction::out && goes_to(*message, customers)) {
      happenings.push_back({Kind::answer, message->received, {}});
    }
  }
  return {};
}

// What the ticket became by this entry: "state set", with "solved (was open)" or "pending until …",
// or "reopened", by a mail or because its time had come. Nothing: the entry is about something
// else.
std::optional<ticket::State> state_by(const store::JournalEntry& entry) {
  if (entry.what == "reopened") return ticket::State::open;
  if (entry.what != "state set") return std::nullopt;
  return ticket::state_named(std::string_view(entry.detail).substr(0, entry.detail.find(' ')));
}

base::Status add_states(const store::ReadTxn& txn, const ticket::Ticket& ticket,
                        std::vector<ticket::Happening>& happenings) {
  base::JournalSeq after;
  std::optional<base::Instant> taken;  // when the primary took the last of it
  for (bool more = true; more;) {
    const auto entries = txn.history(ticket.id, after, kHistoryAtOnce);
    if (!entries) return entries.error();
    for (const store::JournalEntry& entry : *entries) {
      after = entry.seq;
      if (entry.what == "acknowledged" && entry.target != kOutgoing) taken = entry.at;
      if (const auto state = state_by(entry)) {
        happenings.push_back({Kind::state, entry.at, *state});
      }
    }
    more = entries->size() == kHistoryAtOnce;
  }
  if (taken && ticket.custody == ticket::Custody::returned) {
    happenings.push_back({Kind::state, *taken, ticket::State::closed});
  }
  return {};
}

}  // namespace

base::Result<std::vector<ticket::Happening>> happenings_of(const store::ReadTxn& txn,
                                                           const ticket::Ticket& ticket) {
  std::vector<ticket::Happening> happenings;
  if (auto added = add_messages(txn, ticket, happenings); !added) return added.error();
  if (auto added = add_states(txn, ticket, happenings); !added) return added.error();
  // Of one instant, messages stay before the state that came with them.
  std::ranges::stable_sort(happenings, {}, &ticket::Happening::at);
  return happenings;
}

}  // namespace beredd::service
