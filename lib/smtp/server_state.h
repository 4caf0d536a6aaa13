#pragma once
// What a ServerSession knows. server_session.cc moves bytes and phases, server_commands.cc obeys
// the commands.

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
    DataReader reader;
    Fate fate = Fate::wanted;
    std::uint64_t received = 0;
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
  void write(const Reply& reply);
  // Writes, counts errors, and closes after 421 or one error too many.
  void say(const Reply& reply);
  void say(int code, std::string_view enhanced, std::string_view text);

  // server_commands.cc
  void obey(std::string_view line);
  void obey(const CommandRule& rule, std::string_view argument);
  bool in_order(const CommandRule& rule, std::string_view argument);
  void greet(const CommandRule& rule, std::string_view argument);
  void ask_mail(std::string_view argument);
  void ask_recipient(std::string_view argument);
  void ask_data();
  void start_tls();
  Reply capabilities() const;

  const ServerOptions options;
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
  Transfer transfer;
};

}  // namespace beredd::smtp
