#pragma once
// What the tests of smuggling (VU#302671 and what was published after it) have in common: no byte
// of a message may become a command, and nothing a client says may become a line of our own.

#include "smtp_server_trace.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/smtp/server_session.h"

namespace beredd::smtp::smuggling {

using Lines = std::vector<std::string>;

inline const std::string kToRecipient = "EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n";

inline ServerOptions options() {
  ServerOptions options;
  options.hostname = "mx.example";
  options.offer_chunking = true;
  return options;
}

inline long count_of(const Lines& lines, std::string_view start) {
  return std::count_if(lines.begin(), lines.end(),
                       [&](const std::string& line) { return line.rfind(start, 0) == 0; });
}

}  // namespace beredd::smtp::smuggling
