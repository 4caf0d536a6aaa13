#pragma once
// TLS contexts (OpenSSL, TLS 1.2 and up, Mozilla's intermediate profile).

#include <filesystem>
#include <memory>
#include <optional>

#include "beredd/base/result.h"

namespace beredd::io {

class TlsContext {
 public:
  virtual ~TlsContext() = default;
};

// Errors: permanent/tls or permanent/invalid, naming the file and what is wrong with it.
base::Result<std::unique_ptr<TlsContext>> server_tls(const std::filesystem::path& certificate_chain,
                                                     const std::filesystem::path& private_key);

// Verifies the peer's chain and host name. Without `ca_file`, against the system's authorities.
// verify = false: opportunistic TLS, which any certificate satisfies (RFC 7435).
struct ClientTls {
  std::optional<std::filesystem::path> ca_file;
  bool verify = true;
};
base::Result<std::unique_ptr<TlsContext>> client_tls(const ClientTls& options);

}  // namespace beredd::io
