#pragma once
// One notice as a mail, whole: composed, sealed, ready for the transaction that sends it.

#include <string>
#include <vector>

#include "beredd/config/config.h"
#include "beredd/mail/compose.h"
#include "beredd/service/context.h"
#include "beredd/store/store.h"

namespace beredd::service {

// What it answers.
struct Noticed {
  store::Message message;
  mail::Reading reading;
  ticket::Ticket ticket;
  std::string proof;  // of the ticket's number
};

struct NoticeLetter {
  store::Message message;  // without its number
  mail::Reading reading;
  std::vector<store::SealedChunk> chunks;
  mail::Language language = mail::Language::english;
  std::string sender;  // ticket::sender_key of whom it goes to
};

// In the language of the mail where that can be told. RFC 3834 §3, §4: to the reverse-path, from
// the null path, Auto-Submitted, with the references of an answer and a mark of ours.
// REQUIRES: the desk sends notices, and the mail has a reverse-path. Errors: permanent/invalid.
base::Result<NoticeLetter> notice_letter(Context& context, const config::Desk& desk,
                                         const Noticed& noticed, base::Instant now);

}  // namespace beredd::service
