#pragma once
// What a ServerSession knows. server_session.cc moves bytes and phases, server_commands.cc obeys
// the commands, server_chunks.cc reads messages that come in by BDAT.

#include "bare_finder.h"
#include "command.h"
#include "data_reader.h"
#include "line_reader.h"

#include <deque>
#include <string>
#include <string_view>

#include "beredd/smtp/server_session.h"

namespace beredd::smtp {

struct ServerSession::State {
  enum class Phase {
    greeting,
    command,
    asked_mail,
    asked_recipient,
    asked_data,
    data,
    asked_accept,
    asked_client,
    asked_turn,
    chunk,      // the octets of a BDAT
    handshake,  // StartTls was said, input is thrown away
    closed,
  };
  // What becomes of the data that are coming in.
  enum class Fate { wanted, too_large, bare };

  // One mail transaction.
  struct Transfer {
    bool open = false;
    // MAIL or a RCPT was refused: a client with PIPELINING has sent its RCPT and DATA already, so
    // their 503 is no error of its own.
    bool excused = false;
    int recipients = 0;
    bool chunk_asked = false;  // AskData was for a BDAT
    bool chunked = false;      // it comes by BDAT, not DATA
    bool failed = false;       // a BDAT was refused: nothing joins this transaction any more
    DataReader reader;
    BareFinder bare;  // over all chunks
    Fate fate = Fate::wanted;
    std::uint64_t received = 0;
  };

  // A BDAT and what has come of it (RFC 3030 §2).
  struct Chunk {
    std::uint64_t size = 0, left = 0;
    bool last = false;
    std::optional<Reply> refusal;  // said when all of it was swallowed
  };

  explicit State(ServerOptions given) : options(std::move(given)) {}

  // server_session.cc
  ServerEvent next();
  void receive(std::string_view bytes);
  void answer(const Reply& reply);
  void end_with(const Reply& reply);
  void close();
  bool read_command();
  bool read_data();
  void take_data(std::string_view bytes);
  void spoil(Fate why);
  void end_data();
  // One, or under LMTP one for each recipient (RFC 2033 §4.2).
  int replies_to_data() const;
  // The transaction ends without a message.
  void abandon();
  void write(const Reply& reply, int times = 1);
  // Writes, counts errors, and closes after 421 or one error too many.
  void say(const Reply& reply, int times = 1);
  void say(int code, std::string_view enhanced, std::string_view text);

  // server_commands.cc
  void obey(std::string_view line);
  void obey(const CommandRule& rule, std::string_view argument);
  bool spoken_here(const CommandRule& rule) const;
  bool in_order(const CommandRule& rule, std::string_view argument);
  void greet(const CommandRule& rule, std::string_view argument);
  void ask_mail(std::string_view argument);
  void ask_recipient(std::string_view argument);
  void ask_data();
  void start_tls();
  void ask_client(std::string_view argument);
  void ask_turn(std::string_view argument);
  void begin_anew();
  Reply capabilities() const;

  // server_chunks.cc
  void begin_chunk(std::string_view argument);
  std::optional<Reply> refusal_of_chunk() const;
  void refuse_chunk(Reply reply);
  void answer_chunk(const Reply& reply);  // to AskData
  bool read_chunk();
  void end_chunk();

  bool in_transaction() const { return transfer.open && !transfer.failed; }
  bool lmtp() const { return options.protocol == Protocol::lmtp; }

  const ServerOptions options;
  Privileges privileges;
  Phase phase = Phase::greeting;
  std::deque<ServerEvent> events;

  std::string storage;     // what receive() was given
  std::string_view input;  // the part of it not yet used
  LineReader lines;

  std::string helo;
  bool extended = false;
  bool secure = false;
  bool smtputf8 = false;  // said by the last MAIL that was well-formed
  int errors = 0;
  LimitsMet met;
  Transfer transfer;
  Chunk chunk;
  AskClient client;  // what XCLIENT asked for
};

}  // namespace beredd::smtp
