#pragma once
// What the desk writes: answers, first mails, forwards. A mail is composed, kept, and queued for
// its way out (service/postman.h) in one transaction: after that a crash loses nothing of it.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "beredd/io/task.h"
#include "beredd/mail/compose.h"
#include "beredd/mail/quote.h"
#include "beredd/service/context.h"
#include "beredd/service/uploads.h"

namespace beredd::service {

enum class Writ { answer, opening, forward };

// What becomes of the ticket. waits: it is the customer's turn; a ticket that was new or open is
// pending. A forward leaves it as it is, unless it is solved with it.
enum class Afterwards { waits, open, solved };

// What one finds who begins to write.
struct Draft {
  base::TicketId ticket;    // 0: an opening
  base::MessageId message;  // that is answered or sent on; 0: none
  mail::Address from;
  std::vector<mail::Address> to;
  std::vector<mail::Address> others;  // who had that mail too, and is none of ours
  std::string subject;
  std::string text;  // the original, announced and quoted
};

// What one sends who has written.
struct Writing {
  Writ kind = Writ::answer;
  std::string who;
  base::TicketId ticket;  // of an answer or a forward
  std::string desk;       // of an opening
  // That is answered or sent on; 0: the newest that a person wrote.
  base::MessageId message = {};
  std::vector<mail::Address> to;  // of an answer, empty: as in its draft
  std::vector<mail::Address> cc;
  std::string subject;  // likewise
  std::string text;
  std::vector<std::string> uploads;
  Afterwards afterwards = Afterwards::waits;
  bool take = false;  // also when the ticket is the platform's: it comes into our custody
};

struct Written {
  base::TicketId ticket;
  base::MessageId message;
};

// Any strand.
class Answers {
 public:
  // `queued` is told of each mail that waits; empty: there is no way out, and nothing is taken.
  Answers(Context& context, Uploads& uploads, std::function<void()> queued);
  bool possible() const { return queued_ != nullptr; }

  // Errors: permanent/not_found; permanent/invalid (nobody to write to is no error here).
  base::Result<Draft> draft(Writ kind, base::TicketId ticket, base::MessageId message,
                            mail::Language language) const;

  // Errors: permanent/unsupported (no way out is configured), /invalid (no text, no or a wrong
  // recipient), /conflict (the ticket is not in our custody), /too_large, /not_found; of the store.
  // On an error nothing was sent, no ticket was opened, and what was uploaded is still there.
  io::Task<base::Result<Written>> send(Writing writing);

  // For a mail in the quarantine of what leaves: tries once more, or gives it up.
  // Errors: permanent/conflict when it is not there.
  io::Task<base::Status> resend(base::MessageId message, std::string who);
  io::Task<base::Status> give_up(base::MessageId message, std::string why, std::string who);
  // A person has seen to it that the customer heard: the ticket's `undelivered` goes.
  io::Task<base::Status> settle(base::TicketId ticket, std::string who);

 private:
  struct Prepared;
  base::Result<Prepared> prepare(const Writing& writing,
                                 std::optional<ticket::Ticket> opening) const;
  io::Task<base::Result<ticket::Ticket>> fresh_ticket(const Writing& writing);
  io::Task<base::Status> enclose(const Writing& writing, Prepared& prepared);
  io::Task<base::Result<Written>> compose(Writing writing, Prepared prepared);
  io::Task<base::Status> write_body(mail::Composition& composition, store::BodyWriter& body);
  io::Task<base::Status> write_ahead(store::SealedChunk chunk);
  store::Operation keeping(const Writing& writing, const Prepared& prepared,
                           const mail::Composed& composed, store::BodyWriter::Finished finished,
                           std::shared_ptr<Written> written) const;
  io::Task<bool> drop(base::BodyId body);

  Context& context_;
  Uploads& uploads_;
  std::function<void()> queued_;
};

}  // namespace beredd::service
