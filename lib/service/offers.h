#pragma once
// Which extensions the front door offers: SMTPUTF8 and DSN only where every primary of the
// configuration is known, from its last EHLO, to take them on. beredd sends no reports to
// customers, so a primary without DSN would leave a promise of RFC 3461 §5.2.2 to nobody.

#include "beredd/service/context.h"
#include "beredd/smtp/server_session.h"

namespace beredd::service {

// One read of the store. What cannot be read is not offered.
void offer_what_hand_back_passes_on(const Context& context, smtp::ServerOptions& options);

}  // namespace beredd::service
