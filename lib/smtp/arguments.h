#pragma once
// The arguments of MAIL and RCPT (RFC 5321 §4.1.1.2, §4.1.1.3, §4.1.2) and of BDAT (RFC 3030 §2),
// as the server reads them.
//
// Liberal in what harms nobody: blanks after the colon and inside the brackets, missing brackets
// round an address that is one. Source routes are dropped (§3.6.1). The parameters of RFC 6531 and
// RFC 3461 are known where the options offer them.

#include <cstdint>
#include <optional>
#include <string_view>

#include <tl/expected.hpp>

#include "beredd/smtp/reply.h"
#include "beredd/smtp/server_session.h"

namespace beredd::smtp {

// What was asked for, or the reply that says what is wrong with it.
tl::expected<AskMail, Reply> read_mail_argument(std::string_view argument,
                                                const ServerOptions& options);
// `smtputf8`: the MAIL of this transaction said so.
tl::expected<AskRecipient, Reply> read_recipient_argument(std::string_view argument,
                                                          const ServerOptions& options,
                                                          bool smtputf8);

struct ChunkArgument {
  std::optional<std::uint64_t> size;  // nothing: the octets that follow cannot be counted
  bool too_large = false;             // it is a number, but larger than any that can be counted
  bool last = false;
  bool well_formed = false;  // nothing but LAST stands behind the size
};
ChunkArgument read_chunk_argument(std::string_view argument);

}  // namespace beredd::smtp
