#pragma once
// The argument of XCLIENT, Postfix's extension (XCLIENT_README): name=value pairs, the values in
// xtext (RFC 3461 §4). DESTADDR and DESTPORT are not offered and not taken.

#include <string_view>

#include <tl/expected.hpp>

#include "beredd/smtp/reply.h"
#include "beredd/smtp/server_session.h"

namespace beredd::smtp {

// What was given, or the 501 that says what is wrong with it.
tl::expected<AskClient, Reply> read_xclient_argument(std::string_view argument);

}  // namespace beredd::smtp
