#pragma once
// Inside of Answers: a mail between what somebody wrote and what is kept.

#include "correspondence.h"

#include <optional>
#include <string>
#include <string_view>

#include "beredd/service/answers.h"
#include "beredd/ticket/token.h"

namespace beredd::service {

// All that is known before the first byte is written.
struct Answers::Prepared {
  const config::Desk* desk = nullptr;
  ticket::Named named;
  std::optional<ticket::Ticket> opening;  // the ticket that the mail opens
  mail::Letter letter;
  std::optional<mail::Mailbox> reverse_path;
  std::optional<Original> original;
};

// What is written to a ticket that the platform has would be answered twice.
// Errors: permanent/conflict.
base::Status in_custody(const ticket::Ticket& ticket, const Writing& writing);

// Whether nobody else has the ticket's answer lease, which lasts for `length`.
// Errors: permanent/conflict, naming who has it; those of the read.
base::Status nobody_else_answers(const store::ReadTxn& txn, const ticket::Ticket& ticket,
                                 const Writing& writing, base::Instant now, base::Duration length);

store::JournalEntry entry_of(const ticket::Ticket& ticket, std::string_view what,
                             std::string detail, const std::string& who, base::Instant at);

}  // namespace beredd::service
