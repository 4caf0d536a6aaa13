#pragma once
// The server's side of an SMTP session (RFC 5321), sans-IO: bytes in, events out. No socket, no
// clock.
//
//   for (;;) {
//     Event event = session.next();
//     NeedInput    → read from the peer, session.receive(bytes)
//     Write        → send the bytes
//     Ask…         → decide, session.answer(reply): a 2xx (or for AskData 354) says yes
//     Data         → keep the bytes; they are valid until the next call
//     …
//   }
//
// Invariants, each a property test:
//  1. However the input is cut into pieces, the events are the same (adjacent Data joined).
//  2. Only CRLF ends a command line, only CRLF "." CRLF ends the data. A bare CR or LF in a command
//  is
//     answered 500 5.5.2 and ends the session; in the data it is answered 550 5.6.11 after the end.
//  3. Nothing is buffered but one command line and what receive() was given.
//  4. What follows STARTTLS in the same input is thrown away (RFC 3207 §4.2).
//  5. After an Ask… nothing happens until answer().

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "beredd/base/units.h"
#include "beredd/mail/envelope.h"
#include "beredd/smtp/reply.h"

namespace beredd::smtp {

struct ServerOptions {
  std::string hostname;  // in the greeting and the EHLO reply
  base::Bytes max_message_size = base::mebibytes(40);
  bool offer_starttls = false;
  bool offer_checkpoint = false;  // RFC 1845 TRANSID; the sandbox primary offers it
  bool offer_smtputf8 = false;    // RFC 6531
  bool offer_dsn = false;         // RFC 3461
  int max_recipients = 1000;      // a transaction; more are answered 452 4.5.3
  int max_errors = 20;            // 5xx replies a session; then 421 and the end
};

// --- events -------------------------------------------------------------------------------------

struct NeedInput {};
struct Write {
  std::string bytes;
};
// MAIL was well-formed and allowed here. Yes: 250. With CHECKPOINT a host that holds this
// transaction already answers 355 with the octet count first.
struct AskMail {
  std::optional<mail::Mailbox> from;
  std::optional<base::Bytes> size;  // RFC 1870, already held against the limit
  mail::BodyType body = mail::BodyType::seven_bit;
  std::string transaction_id;  // RFC 1845, without brackets, or empty
  bool smtputf8 = false;       // RFC 6531 §3.4
  mail::DsnReturn dsn_return = mail::DsnReturn::unspecified;
  std::string envelope_id;  // RFC 3461 ENVID, xtext as given, or empty
};
struct AskRecipient {
  mail::Mailbox to;  // a source route is already dropped; <postmaster> has an empty domain
  mail::RecipientDsn dsn = {};
};
// DATA with at least one recipient. Yes: 354.
struct AskData {};
struct Data {
  std::string_view
      bytes;  // transparency removed, CRLF line ends; the final CRLF is part of the message
};
// The end of data came. The host makes it durable and answers.
struct AskAccept {};
// The data are not wanted any more (too large, bare CR or LF): drop what came. No answer.
struct DropData {};
// "220 ready" has been written: shake hands, then tls_started().
struct StartTls {};
// Flush what was written, then close.
struct Close {};

using ServerEvent = std::variant<NeedInput, Write, AskMail, AskRecipient, AskData, Data, AskAccept,
                                 DropData, StartTls, Close>;

// --- the session --------------------------------------------------------------------------------

// Not thread-safe; one per connection.
class ServerSession {
 public:
  explicit ServerSession(ServerOptions options);
  ~ServerSession();
  ServerSession(ServerSession&&) noexcept;
  ServerSession& operator=(ServerSession&&) noexcept;

  // The first event is the greeting. Call until NeedInput or Close.
  ServerEvent next();
  // REQUIRES: the last event was NeedInput.
  void receive(std::string_view bytes);
  // REQUIRES: the last event was an Ask….
  void answer(const Reply& reply);
  // REQUIRES: the last event was StartTls. EHLO state is forgotten.
  void tls_started();

  // The host has waited too long, or is shutting down: 421 4.4.2 / 421 4.3.2, then Close.
  void time_out();
  void shut_down();

  bool in_data() const;             // for the choice of the time-out (RFC 5321 §4.5.3.2)
  bool in_transaction() const;      // MAIL was accepted and the transaction is not over
  const std::string& helo() const;  // the client's own name for itself, "" before HELO/EHLO
  bool extended() const;            // EHLO was used
  bool secure() const;              // after tls_started()

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace beredd::smtp
