#pragma once
// Probes through libcurl's multi interface: one thread drives all of them, so that none delays
// another.

#include <filesystem>
#include <memory>
#include <optional>

#include "beredd/io/prober.h"

namespace beredd::remote {

// http: GET, any 2xx or the expected status, no redirects followed. smtp: greeting, EHLO, NOOP,
// QUIT. imap: greeting, CAPABILITY, NOOP, LOGOUT. tcp: connect. With tls, and with https, the
// certificate is verified, against the system's authorities or those in `ca_file`. No proxy is ever
// used. Joins its thread on destruction; probes under way end as "cancelled".
std::unique_ptr<io::Prober> curl_prober(std::optional<std::filesystem::path> ca_file = {});

}  // namespace beredd::remote
