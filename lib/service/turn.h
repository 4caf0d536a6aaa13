#pragma once
// ETRN (RFC 1985): a host that may asks for what waits for it. That is a hand-back; it goes out
// over the relay's own connections, never to the one who asked.

#include "beredd/io/task.h"
#include "beredd/service/context.h"
#include "beredd/service/intake.h"
#include "beredd/smtp/reply.h"

namespace beredd::service {

// The primaries that take the mail of `node`: a domain of a desk, "@domain" for it and its
// subdomains, "#name" for a primary by its name. None: not a node of ours.
std::vector<std::string> primaries_of(const config::Config& config, std::string_view node);

// Runs the hand-back to each of them and says what RFC 1985 §5.3 has for it: 253 with the number
// that waits, 251 when nothing does, 459 for a node that is not ours, 458 when it cannot be done.
// What an operator has paused stays paused.
io::Task<smtp::Reply> answer_turn(Context& context, const HandbackRun& run, std::string node);

}  // namespace beredd::service
