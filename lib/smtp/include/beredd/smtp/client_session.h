#pragma once
// The client's side of an SMTP session (RFC 5321), sans-IO: it says what to write and what
// happened. One connection carries many transactions; where the server offers PIPELINING (RFC
// 2920), MAIL, RCPT and DATA leave in one piece, and the next transaction's follow the final dot at
// once.
//
// A transaction goes to all of its recipients or to none: one refused RCPT ends it before the data.
// So DATA leaves unseen only with one recipient, and never with TRANSID: a server that holds half a
// message must not be sent an empty other half.
//
// With credentials, the session logs in before anything else (RFC 4954), by the strongest mechanism
// that the server offers, and only over TLS: without it, it ends. A login that fails ends the
// session, so that its mail is deferred: it says nothing about the mail. The reasons given hold the
// server's words, never a password.
//
// Where the server offers CHUNKING (RFC 3030), the message goes by BDAT: a message with CRLF line
// ends arrives byte for byte, whether or not its last line has one. Else it goes by DATA, which
// puts the missing CRLF there.
//
// As a client of LMTP (RFC 2033) it says LHLO, and hears a reply to the message for each recipient.
// They make one outcome: acknowledged when all took it, refused when some did and others did not,
// because an offer to all would be a second one to those; the words tell which.
//
//   session.begin(transaction)…   any number, in order
//   for (;;) { ClientEvent event = session.next(); … }

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "beredd/base/units.h"
#include "beredd/mail/envelope.h"
#include "beredd/smtp/reply.h"

namespace beredd::smtp {

enum class TlsPolicy {
  off,
  opportunistic,
  required,
  implicit,  // RFC 8314: the host has shaken hands before the session's first byte
};

struct Credentials {
  std::string user, password;
};

struct ClientOptions {
  std::string helo;  // our name in EHLO
  TlsPolicy tls = TlsPolicy::opportunistic;
  // Of BDAT: the octets of a chunk, and how many chunks may leave before the reply to the first of
  // them, with PIPELINING (RFC 2920).
  std::size_t chunk_size = std::size_t{64} * 1024;
  std::size_t chunks_ahead = 8;
  std::optional<Credentials> credentials = std::nullopt;  // whom to log in as; nothing: no login
  bool lmtp = false;
};

struct Capabilities {
  bool pipelining = false, eight_bit_mime = false, starttls = false, checkpoint = false;
  bool size = false, smtputf8 = false, dsn = false, chunking = false;
  std::optional<base::Bytes> max_size;  // of SIZE, when it named one other than 0
  std::vector<std::string> auth;        // the mechanisms of AUTH, as they were written
};

struct Transaction {
  mail::Envelope envelope;
  base::Bytes size;  // announced where SIZE is offered
  std::string
      transaction_id;  // RFC 1845, "local@domain", announced where CHECKPOINT is offered; or empty
};

// What became of one transaction.
struct Outcome {
  enum class Kind {
    acknowledged,  // 2xx to the final dot, or to the last chunk
    already,       // 355: the server holds this transaction id whole since an earlier session
    deferred,      // 4xx, or the connection ended before the final dot or the last chunk was sent
    refused,       // 5xx; by LMTP also: taken for some of the recipients
    unknown,       // the final dot or the last chunk was sent and no reply came
    absent,        // to ask() only: the server does not hold this transaction id, or not whole
  };
  Kind kind = Kind::deferred;
  std::string words;  // the reply that decided, one line; or what went wrong
};

// --- events -------------------------------------------------------------------------------------

struct AwaitInput {};
struct Send {
  std::string bytes;
};
// "220" to STARTTLS: shake hands, then tls_started().
struct ShakeHands {};
// EHLO is done (and TLS, where the policy wants it, and the login).
struct Ready {
  Capabilities capabilities;
};
// The message of transaction `index` (counted from 0 by begin()) is wanted: body() while
// takes_body(), and end_body() behind its last piece. Comes again for the same index when the
// session had no room for more and has some now: go on where you stopped. Over with Finished.
struct SendBody {
  std::size_t index = 0;
};
struct Finished {
  std::size_t index = 0;
  Outcome outcome;
};
// The session is over; every transaction has been Finished. Empty `why`: after our QUIT.
struct Over {
  std::string why;
};

using ClientEvent = std::variant<AwaitInput, Send, ShakeHands, Ready, SendBody, Finished, Over>;

// Not thread-safe; one per connection.
class ClientSession {
 public:
  explicit ClientSession(ClientOptions options);
  ~ClientSession();
  ClientSession(ClientSession&&) noexcept;
  ClientSession& operator=(ClientSession&&) noexcept;

  ClientEvent next();
  void receive(std::string_view bytes);
  // The connection ended or timed out; the transactions end as deferred or unknown.
  void lost(std::string_view why);
  void tls_started();

  // Queues a transaction; its index is the number of those begun before.
  std::size_t begin(Transaction transaction);
  // Queues a question instead: does the server hold this transaction id (RFC 1845)? MAIL is said
  // and taken back. Ends as already, absent, or deferred/refused when there was no answer to that;
  // refused where CHECKPOINT is not offered.
  std::size_t ask(Transaction transaction);
  // After SendBody: what the next piece of the message makes on the wire, to be sent by the host;
  // by BDAT that is nothing until a chunk is full.
  std::string body(std::string_view piece);
  // What is left of the message: CRLF where it lacks one and the final dot, or the last chunk; and,
  // with PIPELINING, the next transaction's commands. Chunks for which it is too early are sent by
  // next().
  std::string end_body();
  // False between SendBodies, and while enough chunks are unanswered: what is given all the same is
  // kept in memory.
  bool takes_body() const;
  // The message cannot be read to its end: the connection must be closed without the final dot, or
  // the last chunk.
  void abort_body(std::string_view why);
  // QUIT once every transaction is finished.
  void quit();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace beredd::smtp
