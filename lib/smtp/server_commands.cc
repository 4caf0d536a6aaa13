#include "arguments.h"
#include "server_state.h"
#include "xclient.h"

#include <algorithm>

namespace beredd::smtp {
namespace {

constexpr std::size_t kMaxHelo = 255;

bool is_command_text(std::string_view line) {
  return std::all_of(line.begin(), line.end(),
                     [](char c) { return c == '\t' || (c >= ' ' && c < 0x7F); });
}

// RFC 6531 §3.2, §3.7.4: where an address may stand in UTF-8.
bool may_have_utf8(std::string_view line) {
  const CommandRule* rule = find_command(split_command(line).word);
  if (rule == nullptr) return false;
  const Verb verb = rule->verb;
  return verb == Verb::mail || verb == Verb::rcpt || verb == Verb::vrfy || verb == Verb::expn;
}

// The same text with each byte of a longer UTF-8 sequence made into a letter.
std::string narrowed(std::string_view line) {
  std::string out(line);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, 'x');
  return out;
}

}  // namespace

void ServerSession::State::obey(std::string_view line) {
  const bool utf8 = options.offer_smtputf8 && may_have_utf8(line);
  if (!is_command_text(utf8 ? narrowed(line) : line))
    return say(500, "5.5.2", "only printable ASCII makes a command");
  const CommandLine command = split_command(line);
  if (command.word.empty()) return say(500, "5.5.2", "empty command");
  const CommandRule* rule = find_command(command.word);
  if (rule == nullptr || !spoken_here(*rule)) return say(500, "5.5.1", "unknown command");
  if (in_order(*rule, command.argument)) obey(*rule, command.argument);
}

// RFC 2033 §4.1: LHLO takes the place of HELO and EHLO.
bool ServerSession::State::spoken_here(const CommandRule& rule) const {
  if (rule.verb == Verb::lhlo) return lmtp();
  return !lmtp() || (rule.verb != Verb::helo && rule.verb != Verb::ehlo);
}

bool ServerSession::State::in_order(const CommandRule& rule, std::string_view argument) {
  if (rule.needs_hello && helo.empty()) {
    say(503, "5.5.1", lmtp() ? "say LHLO first" : "say EHLO first");
  } else if (rule.needs_mail && !transfer.open) {
    const Reply refusal = reply(503, "5.5.1", "say MAIL first");
    transfer.excused ? write(refusal) : say(refusal);
  } else if (rule.argument == Argument::none && !argument.empty()) {
    say(501, "5.5.4", "this command takes no argument");
  } else if (rule.argument == Argument::required && argument.empty()) {
    say(501, "5.5.4", "this command needs an argument");
  } else {
    return true;
  }
  return false;
}

void ServerSession::State::obey(const CommandRule& rule, std::string_view argument) {
  switch (rule.verb) {
    case Verb::helo:
    case Verb::ehlo:
    case Verb::lhlo: return greet(rule, argument);
    case Verb::mail: return ask_mail(argument);
    case Verb::rcpt: return ask_recipient(argument);
    case Verb::data: return ask_data();
    case Verb::bdat: return begin_chunk(argument);
    case Verb::xclient: return ask_client(argument);
    case Verb::etrn: return ask_turn(argument);
    case Verb::starttls: return start_tls();
    case Verb::rset: abandon(); return say(250, "2.0.0", "forgotten");
    case Verb::noop: return say(250, "2.0.0", "ok");
    case Verb::vrfy: return say(252, "2.0.0", "cannot verify, send some mail and see");
    case Verb::expn: return say(502, "5.5.1", "lists are not expanded here");
    case Verb::help: return say(214, "2.0.0", "see RFC 5321");
    case Verb::quit: return end_with(reply(221, "2.0.0", "closing"));
  }
}

void ServerSession::State::greet(const CommandRule& rule, std::string_view argument) {
  helo = argument.substr(0, kMaxHelo);
  extended = rule.verb != Verb::helo;
  abandon();
  say(extended ? capabilities() : reply(250, "", options.hostname));
}

Reply ServerSession::State::capabilities() const {
  Reply reply{250, "", {options.hostname, "PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES"}};
  reply.lines.push_back("SIZE " + std::to_string(options.max_message_size.count()));
  if (options.offer_smtputf8) reply.lines.emplace_back("SMTPUTF8");
  if (options.offer_dsn) reply.lines.emplace_back("DSN");
  if (options.offer_checkpoint) reply.lines.emplace_back("CHECKPOINT");
  if (options.offer_chunking) reply.lines.emplace_back("CHUNKING");
  if (privileges.xclient) reply.lines.emplace_back("XCLIENT NAME ADDR PORT PROTO HELO LOGIN");
  if (privileges.etrn) reply.lines.emplace_back("ETRN");
  if (options.offer_starttls && !secure) reply.lines.emplace_back("STARTTLS");
  return reply;
}

void ServerSession::State::ask_mail(std::string_view argument) {
  if (in_transaction()) return say(503, "5.5.1", "one MAIL at a time");
  abandon();
  transfer.excused = true;  // until it has been answered with yes
  auto ask = read_mail_argument(argument, options);
  if (!ask) return say(ask.error());
  smtputf8 = ask->smtputf8;
  phase = Phase::asked_mail;
  events.push_back(*std::move(ask));
}

void ServerSession::State::ask_recipient(std::string_view argument) {
  if (transfer.chunked || transfer.failed) {
    const Reply refusal = reply(503, "5.5.1", "the message has begun already");
    return transfer.failed ? write(refusal) : say(refusal);
  }
  auto ask = read_recipient_argument(argument, options, smtputf8);
  if (!ask || transfer.recipients >= options.max_recipients) transfer.excused = true;
  if (!ask) return say(ask.error());
  if (transfer.recipients >= options.max_recipients) {
    ++met.recipients;
    return say(452, "4.5.3", "too many recipients");
  }
  phase = Phase::asked_recipient;
  events.push_back(*std::move(ask));
}

void ServerSession::State::ask_data() {
  if (transfer.chunked || transfer.failed) {
    // The transaction ends, as with any refused DATA: were it open, a body sent too early could
    // hold chunks of its own.
    abandon();
    return say(503, "5.5.1", "not after BDAT");
  }
  if (transfer.recipients == 0) {
    const Reply refusal = reply(503, "5.5.1", "no valid recipient");
    return transfer.excused ? write(refusal) : say(refusal);
  }
  phase = Phase::asked_data;
  events.push_back(AskData{});
}

void ServerSession::State::start_tls() {
  if (secure) return say(503, "5.5.1", "TLS is on already");
  if (!options.offer_starttls) return say(502, "5.5.1", "TLS is not offered here");
  if (in_transaction()) return say(503, "5.5.1", "not inside a mail transaction");
  write(reply(220, "2.0.0", "ready for TLS"));
  events.push_back(StartTls{});
  phase = Phase::handshake;
  // Plain text that came with the command could have been put there by anyone (RFC 3207 §4.2).
  input = {};
}

// Postfix's XCLIENT_README: at any time but inside a transaction, and as often as wanted.
void ServerSession::State::ask_client(std::string_view argument) {
  if (!privileges.xclient) return say(550, "5.7.0", "XCLIENT is not for you");
  if (in_transaction()) return say(503, "5.5.1", "not inside a mail transaction");
  auto ask = read_xclient_argument(argument);
  if (!ask) return say(ask.error());
  client = *std::move(ask);
  phase = Phase::asked_client;
  events.push_back(client);
}

// The client that XCLIENT named has not said anything yet, but for the HELO that was passed on.
void ServerSession::State::begin_anew() {
  abandon();
  errors = 0;
  helo = client.helo.value_or("");
  extended = client.protocol == "ESMTP";
  phase = Phase::greeting;
}

void ServerSession::State::ask_turn(std::string_view argument) {
  if (!privileges.etrn) return say(502, "5.5.1", "ETRN is not offered here");
  if (in_transaction()) return say(503, "5.5.1", "not inside a mail transaction");
  phase = Phase::asked_turn;
  events.push_back(AskTurn{std::string(argument)});
}

}  // namespace beredd::smtp
