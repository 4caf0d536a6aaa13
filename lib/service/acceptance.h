#pragma once
// One mail on its way from the wire to a durable record: gathers the envelope and the body, and
// turns them into the one operation after which 250 may be said.

#include "hop_count.h"

#include <optional>
#include <string>
#include <vector>

#include "beredd/config/config.h"
#include "beredd/service/context.h"
#include "beredd/smtp/trace.h"
#include "beredd/store/store.h"

namespace beredd::service {

class Acceptance {
 public:
  // `envelope`: what MAIL said; the recipients come later. `room`: what MAIL was promised.
  Acceptance(Context& context, mail::Envelope envelope, Pledges::Pledge room);

  // Whether a desk of ours serves the mailbox; if so it is a recipient from now on. One that comes
  // twice is one, with what was asked first of reports about it.
  bool add_recipient(const mail::Mailbox& to, const mail::RecipientDsn& dsn);

  // Takes a piece of the body without waiting. False: it fills a chunk, and is append()'s.
  bool take(std::string_view bytes);

  // Takes a piece of the body. Chunks that became full are written ahead, durably; a failure is
  // kept for commit(), and what follows is dropped.
  io::Task<void> append(std::string_view bytes);

  // Makes it durable: one message for each desk that is addressed. Returns the trace id for the
  // 250. Errors: of the store, or permanent/conflict for a mail that goes in a circle; what was
  // written ahead is dropped again.
  io::Task<base::Result<std::string>> commit(smtp::Hop hop, std::string peer);

  // The mail goes in a circle: commit() refuses it, and so does every later try.
  bool loops() const { return hops_.loops(); }

  // The client gave up, or the data were refused.
  io::Task<void> drop();

 private:
  struct Addressed {
    const config::Desk* desk;
    std::vector<mail::Mailbox> recipients;
    std::vector<mail::RecipientDsn> dsn;  // beside them
  };
  mail::Envelope envelope_of(const Addressed& addressed) const;
  io::Task<void> write_ahead(store::SealedChunk chunk);
  std::vector<store::Message> messages(const store::BodyRef& body, const smtp::Hop& hop,
                                       const std::string& peer) const;

  Context& context_;
  const mail::Envelope envelope_;
  Pledges::Pledge room_;
  std::vector<Addressed> addressed_;
  std::optional<store::BodyWriter> body_;
  bool wrote_ahead_ = false;
  HopCount hops_;
  std::optional<base::Error> failure_;
};

}  // namespace beredd::service
