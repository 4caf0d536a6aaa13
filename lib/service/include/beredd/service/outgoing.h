#pragma once
// What leaves for customers: the way of our own mail, apart from what goes to the primaries.

#include <string>
#include <string_view>

#include "beredd/mail/reading.h"
#include "beredd/store/store.h"

namespace beredd::service {

// The target of the deliveries of what the desk writes. No primary can be called so.
inline constexpr std::string_view kOutgoing = "@smarthost";

// Who writes automatic notices, as Message::author. No person can be called so.
inline constexpr std::string_view kNoticeAuthor = "@notice";
inline bool is_notice(const store::Message& message) { return message.author == kNoticeAuthor; }

// Their words in the journal, with the message that they are about; `detail` of the second is the
// name of a ticket::Silence.
inline constexpr std::string_view kNoticeSent = "notice";
inline constexpr std::string_view kNoticeNotSent = "no notice";

// One mail of ours that has not arrived, as far as is known.
struct OutgoingItem {
  store::Delivery delivery;
  std::string subject;
  std::vector<mail::Address> to;
};

// What waits or stands in the quarantine, oldest first. Errors: of the store.
base::Result<std::vector<OutgoingItem>> outgoing_items(const store::ReadTxn& txn,
                                                       std::size_t limit);

}  // namespace beredd::service
