#pragma once
// Probes through libcurl's multi interface: one thread drives all of them, so that none delays another.

#include <memory>

#include "beredd/io/prober.h"

namespace beredd::remote {

// http: GET, any 2xx or the expected status, no redirects followed. smtp: greeting, EHLO, NOOP, QUIT.
// imap: greeting, CAPABILITY, NOOP, LOGOUT. tcp: connect. With tls, the certificate is verified.
// Joins its thread on destruction; probes under way end as "cancelled".
std::unique_ptr<io::Prober> curl_prober();

}  // namespace beredd::remote
