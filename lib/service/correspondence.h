#pragma once
// Which mail of a ticket an answer answers, and whom it goes to. Reads the store, writes nothing.

#include <optional>

#include "beredd/config/config.h"
#include "beredd/service/answers.h"
#include "beredd/store/store.h"

namespace beredd::service {

struct Original {
  store::Message message;
  mail::Reading reading;
};

// The mail that is named, or the newest of the ticket that a person sent; where there is none, the
// newest mail of all. Nothing: the ticket has no mail.
// Errors: permanent/not_found when the one that is named is not of this ticket.
base::Result<std::optional<Original>> original_of(const store::ReadTxn& txn,
                                                  const ticket::Ticket& ticket,
                                                  base::MessageId named);

// Whom an answer to it goes to: Reply-To or From, of our own mails To; else who opened the ticket.
std::vector<mail::Address> answer_to(const config::Config& config, const ticket::Ticket& ticket,
                                     const std::optional<Original>& original);
// Who else had it.
std::vector<mail::Address> others_of(const config::Config& config, const Original& original,
                                     const std::vector<mail::Address>& to);

// The whole message as a file.
mail::Enclosure whole_message(const store::Store& store, const Original& original);

}  // namespace beredd::service
