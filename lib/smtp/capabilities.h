#pragma once
// What a server says it can do, out of its answer to EHLO (RFC 5321 §4.1.1.1).

#include "beredd/smtp/client_session.h"
#include "beredd/smtp/reply.h"

namespace beredd::smtp {

// Keywords in any case; what is unknown or malformed counts as not offered.
Capabilities read_capabilities(const Reply& ehlo);

}  // namespace beredd::smtp
