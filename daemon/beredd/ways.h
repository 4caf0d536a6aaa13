#pragma once
// The configuration's words for TLS in those of the client side.

#include "beredd/config/config.h"
#include "beredd/io/tls.h"
#include "beredd/smtp/client_session.h"

namespace beredd::daemon {

inline smtp::TlsPolicy policy(config::Tls tls) {
  switch (tls) {
    case config::Tls::off: return smtp::TlsPolicy::off;
    case config::Tls::usual:
    case config::Tls::opportunistic: return smtp::TlsPolicy::opportunistic;
    case config::Tls::required: return smtp::TlsPolicy::required;
    case config::Tls::implicit: return smtp::TlsPolicy::implicit;
  }
  return smtp::TlsPolicy::required;
}

inline io::ClientTls client_tls(config::Tls tls, std::optional<std::filesystem::path> ca_file) {
  return {std::move(ca_file), tls == config::Tls::required || tls == config::Tls::implicit};
}

}  // namespace beredd::daemon
