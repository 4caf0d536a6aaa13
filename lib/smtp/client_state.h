#pragma once
// What a ClientSession knows. client_session.cc has the session's own stages (greeting, EHLO, TLS,
// QUIT, the end), client_auth.cc the login, client_transactions.cc the mail transactions,
// client_body.cc the messages.

#include "chunker.h"
#include "command.h"
#include "dot_stuffing.h"
#include "sasl.h"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/smtp/client_session.h"

namespace beredd::smtp {

// What a reply to a command or a message means for its mail.
Outcome outcome_of(const Reply& reply);

struct ClientSession::State {
  enum class Phase {
    greeting,
    hello,      // EHLO, HELO, STARTTLS or AUTH was sent
    handshake,  // ShakeHands was said, input is thrown away
    ready,
    over,
  };

  // What a reply that has yet to come will be about. Replies come in the order of the commands.
  enum class Awaited {
    ehlo,
    helo,
    starttls,
    auth,       // or an answer to its challenge
    cancelled,  // "*" to a challenge
    mail,
    recipient,
    data,
    chunk,      // BDAT without LAST
    final_dot,  // or BDAT with LAST
    lone_dot,
    reset,
    quit
  };
  struct Expected {
    Awaited what;
    std::size_t index = 0;  // of the transaction
  };

  struct Progress {
    Transaction transaction;
    bool finished = false;
    bool asks = false;          // only whether the server holds it
    bool without_id = false;    // TRANSID was tried and led nowhere
    bool announces_id = false;  // TRANSID went with MAIL
    bool mail_sent = false;
    bool mail_accepted = false;
    std::size_t recipients_sent = 0;
    std::size_t recipients_answered = 0;
    bool data_sent = false;
    bool final_dot_sent = false;  // or the last chunk
    bool again = false;           // to be begun anew without TRANSID
    // By LMTP: the replies to the message, one for each recipient.
    std::size_t recipients_settled = 0;
    std::size_t recipients_taken = 0;
    std::optional<Outcome> worst;    // of those that did not take it
    bool unwanted_354 = false;       // the server awaits data of a transaction that has failed
    bool reset_due = false;          // the server has begun it, RSET must end it
    std::optional<Outcome> verdict;  // settled before the data; told once all replies are in
  };

  explicit State(ClientOptions given)
      : options(std::move(given)), secure(options.tls == TlsPolicy::implicit) {}

  // client_session.cc
  ClientEvent next();
  void receive(std::string_view bytes);
  // Reads one line off the input; false when it holds no whole one.
  bool read_line();
  void on_line(std::string_view line);
  void on_reply(const Reply& reply);
  void on_421(const Reply& reply);
  void on_session_reply(Awaited what, const Reply& reply);
  void on_greeting(const Reply& reply);
  void on_ehlo(const Reply& reply);
  void on_helo(const Reply& reply);
  void on_starttls(const Reply& reply);
  void hello(Verb verb, Awaited what);
  // STARTTLS where the policy asks for it, else on to the login.
  void choose_tls();
  void become_ready();
  void say(Verb verb, std::string_view argument, Expected reply);
  // Ends the session: every transaction that is not finished ends as deferred or unknown.
  void end(std::string_view why);

  // client_auth.cc
  // AUTH where there is somebody to log in as, else ready.
  void log_in();
  void say_auth();
  void on_auth(const Reply& reply);
  void on_challenge(const Reply& reply);
  void on_login_refused(const Reply& reply);
  void cancel_auth(std::string why);
  // Without what a server might repeat of our secrets.
  std::string safe_words(const Reply& reply) const;

  // client_transactions.cc
  // Says what may leave now.
  void proceed();
  void start_next();
  void continue_current();
  void clean_up_current();
  bool may_say() const;
  // Whether MAIL says SMTPUTF8: it was said to us, and the server offers it. A mail whose headers
  // alone want it goes without where it is not offered.
  bool says_utf8(const mail::Envelope& envelope) const;
  std::string mail_argument(const Progress& progress) const;
  std::optional<std::string> unsendable(const Progress& progress) const;
  void on_transaction_reply(Expected about, const Reply& reply);
  void on_mail(Progress& progress, const Reply& reply);
  void on_transaction_known(Progress& progress, const Reply& reply);
  void on_recipient(Progress& progress, const Reply& reply);
  void finish(std::size_t index, Outcome outcome);

  // client_body.cc
  bool data_may_go(const Progress& progress) const;
  void begin_body(std::size_t index);
  std::string body(std::string_view piece);
  std::string end_body();
  bool takes_body() const;
  void send_chunks();
  void close_body();
  void on_data(std::size_t index, const Reply& reply);
  void on_chunk(std::size_t index, const Reply& reply);
  bool knows_no_bdat(std::size_t index, const Reply& reply);
  // Replies to the end of the message that are to come for it.
  void expect_final(std::size_t index);
  void on_final_dot(std::size_t index, const Reply& reply);
  // One recipient's reply, of several; nothing until the last has come.
  std::optional<Outcome> settle_recipient(std::size_t index, const Reply& reply);
  void on_reply_during_body(const Reply& reply);

  const ClientOptions options;
  Phase phase = Phase::greeting;
  bool secure;
  Capabilities capabilities;
  std::optional<SaslClient> sasl;
  std::vector<std::string_view> mechanisms_refused;
  std::vector<std::string> secrets_sent;  // of AUTH, as they went
  bool initial_waits = false;             // the first answer was too long to go with AUTH
  std::string why_cancelled;

  std::deque<ClientEvent> events;
  std::string outgoing;    // said, and not yet handed to the host
  bool group_open = true;  // PIPELINING allows a command behind the last one
  std::string input;
  std::size_t input_at = 0;  // what stands before has been read
  ReplyReader replies;
  std::deque<Expected> expected;

  std::deque<Progress> transactions;
  std::size_t next_to_start = 0;
  std::optional<std::size_t> current;  // its commands are being sent
  std::optional<std::size_t> in_body;  // SendBody was said
  DotStuffer stuffer;
  Chunker chunker{1};
  bool host_waits = false;  // it is told by SendBody when there is room again
  bool reset_owed = false;  // the last chunk was refused, or has no reply yet: RSET before MAIL
  bool quitting = false;
  bool quit_sent = false;
  std::string why_over;
};

}  // namespace beredd::smtp
