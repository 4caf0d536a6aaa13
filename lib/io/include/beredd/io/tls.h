#pragma once
// TLS contexts (OpenSSL, TLS 1.2 and up, Mozilla's intermediate profile).

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/base/result.h"

namespace beredd::io {

class TlsContext {
 public:
  virtual ~TlsContext() = default;
};

struct CertificateFiles {
  std::filesystem::path certificate;  // the chain, PEM, the host's own first
  std::filesystem::path private_key;  // PEM, without a passphrase
};

// What stands in a certificate that is in use.
struct CertificateFacts {
  std::filesystem::path file;
  std::string names;  // "mx2.example.org, *.example.net"
  base::Instant not_after;
};

// A server's certificates, which can be renewed while it serves. A client is shown the first one
// that bears the name it asks for (RFC 6066 §3), a whole name going before a wildcard, and the
// first of all when none does or it asks for none. Sessions resume by tickets (RFC 5077, RFC 8446
// §2.2), also those from before a reload; nothing is kept for a session that ended. Any thread.
class ServerCertificates {
 public:
  virtual ~ServerCertificates() = default;
  virtual TlsContext& context() = 0;
  // Reads all files anew. Sessions under way keep what they have; when anything is wrong, so does
  // everyone. Errors: permanent/tls or permanent/invalid, naming the file and what is wrong.
  virtual base::Status reload() = 0;
  virtual std::vector<CertificateFacts> in_use() const = 0;  // in the order of `files`
};

// Errors: as reload(). REQUIRES: `files` is not empty.
base::Result<std::unique_ptr<ServerCertificates>> server_certificates(
    std::vector<CertificateFiles> files);

// One certificate that never changes. Errors: as above.
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
