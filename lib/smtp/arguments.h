#pragma once
// The arguments of MAIL and RCPT (RFC 5321 §4.1.1.2, §4.1.1.3, §4.1.2), as the server reads them.
//
// Liberal in what harms nobody: blanks after the colon and inside the brackets, missing brackets
// round an address that is one. Source routes are dropped (§3.6.1). The parameters of RFC 6531 and
// RFC 3461 are known where the options offer them.

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

}  // namespace beredd::smtp
