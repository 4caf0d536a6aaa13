// The index held against the store, a piece at a time.

#include "beredd/base/log.h"
#include "beredd/service/indexing.h"

namespace beredd::service {

using base::MessageId;
using base::Result;
using base::Status;
using base::TicketId;

namespace {

constexpr std::uint64_t kTicketsHeld = 500;  // in one piece

}  // namespace

// True: it goes on. REQUIRES: the batch is empty.
Result<bool> Indexing::hold_against_store() {
  const base::Instant now = context_.clock.now();
  if (!holding_) {
    if (held_ != base::Instant() && now >= held_ && now - held_ < kHoldEvery) {
      lexicon_->forget();
      return false;
    }
    holding_ = true;
    held_ = now;
    held_until_ = {};
  }
  const auto index = this->index();
  const auto rest = index->tickets(held_until_, 1);
  if (!rest) return rest.error();
  if (rest->empty()) {
    holding_ = false;
    if (!erased_) return true;
    if (auto compacted = index->compact(); !compacted) return compacted.error();
    erased_ = false;
    return true;
  }
  const Status held = hold_piece(*index);
  if (!held) return held.error();
  return true;
}

Status Indexing::hold_piece(const search::Index& index) {
  std::map<TicketId, std::vector<MessageId>> indexed;
  for (std::uint64_t n = 0; n < kTicketsHeld; ++n) {
    held_until_ = TicketId(held_until_.value() + 1);
    auto messages = index.messages_of(held_until_);
    if (!messages) return messages.error();
    indexed.emplace(held_until_, std::move(*messages));
  }
  const auto read = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    for (const auto& [id, messages] : indexed) hold_one(txn, id, messages);
    return {};
  });
  if (!read) return read;
  if (batch_.tickets.empty() && batch_.erased.empty()) return {};
  erased_ = true;
  base::log_info("search: {} tickets are no longer there, {} have other mails",
                 batch_.erased.size(), batch_.tickets.size());
  return apply();
}

void Indexing::hold_one(const store::ReadTxn& txn, TicketId id,
                        const std::vector<MessageId>& indexed) {
  auto wanted = txn.messages_of(id);
  std::erase_if(wanted, [&](MessageId message) { return message > batch_.position.last; });
  if (wanted == indexed) return;
  if (wanted.empty()) {
    batch_.erased.push_back(id);
    return;
  }
  for (const MessageId message : wanted) take_up(txn, message);
  batch_.tickets[id].anew = true;
  batch_.tickets[id].messages = wanted;
}

}  // namespace beredd::service
