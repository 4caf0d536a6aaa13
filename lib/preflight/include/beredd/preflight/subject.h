#pragma once
// What a configuration says of this host, for judge().

#include "facts.h"

#include "beredd/base/result.h"
#include "beredd/config/config.h"

namespace beredd::preflight {

// Reads the certificates, and no key. Errors: those of io::read_certificate.
base::Result<Subject> subject_of(const config::Config& config, base::Instant now);

}  // namespace beredd::preflight
