#include "capabilities.h"

#include "command.h"

#include <charconv>

#include "beredd/base/text.h"

namespace beredd::smtp {
namespace {

struct Keyword {
  std::string_view word;
  bool Capabilities::*offered;
};
constexpr Keyword kKeywords[] = {
    {"PIPELINING", &Capabilities::pipelining},
    {"8BITMIME", &Capabilities::eight_bit_mime},
    {"STARTTLS", &Capabilities::starttls},
    {"CHECKPOINT", &Capabilities::checkpoint},
    {"SIZE", &Capabilities::size},
    {"SMTPUTF8", &Capabilities::smtputf8},
    {"DSN", &Capabilities::dsn},
    {"CHUNKING", &Capabilities::chunking},
};

// RFC 1870 §3: no number, or 0, means that no limit is known.
std::optional<base::Bytes> read_limit(std::string_view text) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count == 0) return {};
  return base::Bytes(count);
}

// RFC 4954 §3. Old servers write "AUTH=PLAIN LOGIN", some of them beside the right line.
void read_mechanisms(const CommandLine& line, std::vector<std::string>& into) {
  constexpr std::string_view kOld = "AUTH=";
  std::string words(line.argument);
  if (line.word.size() > kOld.size() &&
      base::same_ignoring_case(line.word.substr(0, kOld.size()), kOld)) {
    words = std::string(line.word.substr(kOld.size())) + " " + words;
  } else if (!base::same_ignoring_case(line.word, "AUTH")) {
    return;
  }
  for (CommandLine rest = split_command(words); !rest.word.empty();
       rest = split_command(rest.argument)) {
    into.emplace_back(rest.word);
  }
}

}  // namespace

Capabilities read_capabilities(const Reply& ehlo) {
  Capabilities found;
  for (std::size_t i = 1; i < ehlo.lines.size(); ++i) {
    const CommandLine line = split_command(ehlo.lines[i]);
    for (const Keyword& keyword : kKeywords) {
      if (base::same_ignoring_case(line.word, keyword.word)) found.*keyword.offered = true;
    }
    if (base::same_ignoring_case(line.word, "SIZE")) found.max_size = read_limit(line.argument);
    read_mechanisms(line, found.auth);
  }
  return found;
}

}  // namespace beredd::smtp
