#pragma once
// The commands of SMTP (RFC 5321 §4.1.1, RFC 3207, RFC 3030, RFC 1985, XCLIENT) and LMTP (RFC
// 2033), one table for both sides: the server looks up
// what a command may do here, the client writes its lines with it.

#include <optional>
#include <string>
#include <string_view>

namespace beredd::smtp {

enum class Verb {
  helo,
  ehlo,
  mail,
  rcpt,
  data,
  rset,
  noop,
  quit,
  vrfy,
  expn,
  help,
  starttls,
  lhlo,
  bdat,
  xclient,
  etrn,
};

enum class Argument { none, optional, required };

struct CommandRule {
  Verb verb;
  std::string_view word;
  Argument argument;
  bool needs_hello;  // 503 before HELO or EHLO
  bool needs_mail;   // 503 outside a mail transaction
  bool ends_group;   // RFC 2920 §3.1: nothing follows it before its reply has come
};

const CommandRule& rule_of(Verb verb);
// In any case of letters; nothing for a word that is no command.
const CommandRule* find_command(std::string_view word);

struct CommandLine {
  std::string_view word;
  std::string_view argument;  // without blanks at its ends
};
CommandLine split_command(std::string_view line);

// "MAIL FROM:<a@b>\r\n". The argument may be empty.
std::string command(Verb verb, std::string_view argument = {});

}  // namespace beredd::smtp
