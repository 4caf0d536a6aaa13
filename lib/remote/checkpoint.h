#pragma once
// Asking a server for a transaction by its id (RFC 1845): MAIL with TRANSID is answered 355 and an
// octet count when the server holds that transaction, and 250 when it does not; RSET then forgets
// the question.

#include <string>
#include <string_view>

#include "beredd/base/units.h"
#include "beredd/io/stream.h"
#include "beredd/io/target.h"

namespace beredd::remote {

// REQUIRES: the session on `stream` is idle and the server offers CHECKPOINT. `size`: of the whole
// message, trace included; a server that holds less of it does not have it. After `failed` the
// connection is of no further use.
io::Task<io::LookUpResult> ask_for_transaction(io::Stream& stream, std::string transaction_id,
                                               base::Bytes size, base::Duration timeout);

}  // namespace beredd::remote
