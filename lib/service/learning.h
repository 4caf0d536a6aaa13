#pragma once
// What a primary can take on is remembered, so that the front door offers nothing that hand-back
// could not pass on, in an outage and after a restart as well.

#include <string>

#include "beredd/io/target.h"
#include "beredd/service/context.h"

namespace beredd::service {

// `primary` said this in the EHLO of a session to which mail will be given. Written only when it
// has changed, and on disk on return. A failure is logged and costs nothing: less is offered, or
// the same.
io::Task<void> learn(Context& context, std::string primary, io::TargetAbilities able);

}  // namespace beredd::service
