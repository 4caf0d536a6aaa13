#include "addresses.h"
#include "header_writer.h"

#include <fmt/format.h>

#include "beredd/base/text.h"
#include "beredd/mail/compose.h"

namespace beredd::mail {

base::Result<Address> parse_address(std::string_view text) {
  const std::string line = header_line(text);
  // The reader of addresses forgives; what a person writes is to be what they mean.
  std::string_view bare = line;
  if (line.ends_with('>')) bare = bare.substr(line.rfind('<') + 1);
  if (line.ends_with('>')) bare.remove_suffix(1);
  const auto found = parse_addresses(line);
  const bool one = found.size() == 1 && found.front().address == bare &&
                   bare.find('@') != std::string_view::npos && parse_mailbox(bare, true).ok();
  if (one) return found.front();
  return base::permanent(base::Code::invalid,
                         fmt::format("\"{}\" is not one mail address", base::for_terminal(text)));
}

}  // namespace beredd::mail
