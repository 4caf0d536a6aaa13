#pragma once
// The server's side of an SMTP session (RFC 5321) or an LMTP session (RFC 2033), sans-IO: bytes in,
// events out. No socket, no clock.
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
//     Of a chunk (BDAT, RFC 3030) only its length is the end; a bare CR or LF in the message that
//     the chunks make is answered 550 5.6.11 after the last: DATA could not pass it on.
//  3. Nothing is buffered but one command line and what receive() was given.
//  4. What follows STARTTLS in the same input is thrown away (RFC 3207 §4.2).
//  5. After an Ask… nothing happens until answer().
//  6. The octets of a BDAT are swallowed whatever is answered to it. One whose length cannot be
//  read
//     ends the session: what follows it could pass for commands.

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

enum class Protocol { smtp, lmtp };

struct ServerOptions {
  std::string hostname;  // in the greeting and the EHLO reply
  base::Bytes max_message_size = base::mebibytes(40);
  bool offer_starttls = false;
  bool offer_checkpoint = false;  // RFC 1845 TRANSID; the sandbox primary offers it
  bool offer_smtputf8 = false;    // RFC 6531
  bool offer_dsn = false;         // RFC 3461
  bool offer_chunking = false;    // RFC 3030 BDAT, without BINARYMIME
  Protocol protocol = Protocol::smtp;
  int max_recipients = 1000;  // a transaction; more are answered 452 4.5.3
  int max_errors = 20;        // 5xx replies a session; then 421 and the end
};

// Which of its options a session has met, for who counts such things.
struct LimitsMet {
  int recipients = 0;   // answered 452 for max_recipients
  bool errors = false;  // it ended for max_errors
};

// What this peer may do besides sending mail; nothing is offered before grant().
struct Privileges {
  bool xclient = false;  // say whom it speaks for
  bool etrn = false;     // RFC 1985: ask for a hand-back
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
// DATA, or the first BDAT, with at least one recipient. Yes: 354 (which BDAT is not told).
struct AskData {};
struct Data {
  std::string_view bytes;  // transparency removed, CRLF line ends; the final CRLF is part of the
                           // message. After BDAT the final CRLF may be missing
};
// The end of data came. The host makes it durable for all recipients or for none, and answers;
// under LMTP the answer is said once for each recipient (RFC 2033 §4.2).
struct AskAccept {};
// The data are not wanted any more (too large, bare CR or LF, RSET between two chunks): drop what
// came. No answer.
struct DropData {};
// XCLIENT, from a peer that may: whom it speaks for from now on. Yes: 220, and the session starts
// anew with its greeting. What was not given stays as it was; what was given as [UNAVAILABLE] or
// [TEMPUNAVAIL] is empty. Values are printable ASCII, an address is one in its usual spelling.
struct AskClient {
  std::optional<std::string> name, address, port, protocol, helo, login;
};
// ETRN, from a peer that may: hand back what waits for `node`, a domain, "@domain" or "#queue".
// The answer is one of RFC 1985 §5.3.
struct AskTurn {
  std::string node;
};
// "220 ready" has been written: shake hands, then tls_started().
struct StartTls {};
// Flush what was written, then close.
struct Close {};

using ServerEvent = std::variant<NeedInput, Write, AskMail, AskRecipient, AskData, Data, AskAccept,
                                 DropData, AskClient, AskTurn, StartTls, Close>;

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

  // Any time, in force from the next command on; of an earlier grant nothing stays.
  void grant(Privileges privileges);

  // The host has waited too long, or is shutting down: 421 4.4.2 / 421 4.3.2, then Close.
  void time_out();
  void shut_down();

  bool in_data() const;  // or in a chunk; for the choice of the time-out (RFC 5321 §4.5.3.2)
  bool in_transaction() const;      // MAIL was accepted and the transaction is not over
  const std::string& helo() const;  // the client's own name for itself, "" before HELO/EHLO/LHLO
  bool extended() const;            // EHLO or LHLO was used
  bool secure() const;              // after tls_started()
  const LimitsMet& limits_met() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace beredd::smtp
