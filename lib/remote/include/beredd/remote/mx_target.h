#pragma once
// Mail of our own straight to its recipients' hosts (RFC 5321 §5), as a Target: where no smarthost
// is configured. One connection a domain, used again for the next mail; TLS where it is offered
// (RFC 7435).
//
// A mail for several domains goes to each in turn and has one fate, the worst of theirs, with
// their words. While it is deferred, the target remembers which domains have it already: they are
// not sent it again, unless the process has ended in between.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "beredd/base/random.h"
#include "beredd/base/units.h"
#include "beredd/io/network.h"
#include "beredd/io/resolver.h"
#include "beredd/io/target.h"
#include "beredd/io/tls.h"

namespace beredd::remote {

struct MxTargetOptions {
  std::string helo;  // our name: never a host to give mail to
  std::uint16_t port = 25;
  base::Duration timeout = std::chrono::minutes(5);
  // Asked for with the first mail: a resolver has threads and a cache.
  std::function<base::Result<io::Resolver*>()> resolver;
};

// open() connects nowhere and always succeeds. A host that cannot be reached, or greets with no, is
// followed by the next; a domain that could not be reached is not tried again within one
// hand_over(). Refused: a domain that takes no mail or does not exist. `tls` accepts any
// certificate. All references outlive the target.
std::unique_ptr<io::Target> mx_target(MxTargetOptions options, io::Connector& connector,
                                      io::TlsContext& tls, base::Random& random);

}  // namespace beredd::remote
