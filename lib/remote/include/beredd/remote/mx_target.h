#pragma once
// Mail of our own straight to its recipients' hosts (RFC 5321 §5), as a Target: where no smarthost
// is configured. A session is for one domain, the first that it is given mail for, and its
// connection is used again for the next mail; TLS where it is offered (RFC 7435).

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

// open() connects nowhere and always succeeds; several sessions may be used beside each other. A
// host that cannot be reached, or greets with no, is followed by the next; when there is none left,
// all of the hand_over() is deferred. Refused: what is for a domain that takes no mail or does not
// exist. `tls` accepts any certificate. All references outlive the target.
std::unique_ptr<io::Target> mx_target(MxTargetOptions options, io::Connector& connector,
                                      io::TlsContext& tls, base::Random& random);

}  // namespace beredd::remote
