#include "command.h"

#include <algorithm>
#include <iterator>

#include "beredd/base/text.h"

namespace beredd::smtp {
namespace {

// In the order of Verb, so that rule_of() is an index.
constexpr CommandRule kCommands[] = {
    //                                                    hello  mail   ends group
    {Verb::helo, "HELO", Argument::required, false, false, true},
    {Verb::ehlo, "EHLO", Argument::required, false, false, true},
    {Verb::mail, "MAIL", Argument::required, true, false, false},
    {Verb::rcpt, "RCPT", Argument::required, true, true, false},
    {Verb::data, "DATA", Argument::none, true, true, true},
    {Verb::rset, "RSET", Argument::none, false, false, false},
    {Verb::noop, "NOOP", Argument::optional, false, false, true},
    {Verb::quit, "QUIT", Argument::none, false, false, true},
    {Verb::vrfy, "VRFY", Argument::required, false, false, true},
    {Verb::expn, "EXPN", Argument::optional, false, false, true},
    {Verb::help, "HELP", Argument::optional, false, false, true},
    {Verb::starttls, "STARTTLS", Argument::none, true, false, true},
    {Verb::lhlo, "LHLO", Argument::required, false, false, true},
    // BDAT is never refused by this table: its octets must be swallowed whatever is wrong with it.
    {Verb::bdat, "BDAT", Argument::optional, false, false, false},
    {Verb::xclient, "XCLIENT", Argument::required, false, false, true},
    {Verb::etrn, "ETRN", Argument::required, true, false, true},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < std::size(kCommands); ++i) {
    if (static_cast<std::size_t>(kCommands[i].verb) != i) return false;
  }
  return true;
}
static_assert(in_order());

}  // namespace

const CommandRule& rule_of(Verb verb) { return kCommands[static_cast<std::size_t>(verb)]; }

const CommandRule* find_command(std::string_view word) {
  const auto* found =
      std::find_if(std::begin(kCommands), std::end(kCommands),
                   [&](const auto& rule) { return base::same_ignoring_case(rule.word, word); });
  return found == std::end(kCommands) ? nullptr : found;
}

CommandLine split_command(std::string_view line) {
  line = base::trim(line);
  const auto blank = line.find_first_of(" \t");
  if (blank == std::string_view::npos) return {line, {}};
  return {line.substr(0, blank), base::trim(line.substr(blank))};
}

std::string command(Verb verb, std::string_view argument) {
  std::string line(rule_of(verb).word);
  if (!argument.empty()) line.append(" ").append(argument);
  return line + "\r\n";
}

}  // namespace beredd::smtp
