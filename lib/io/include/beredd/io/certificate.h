#pragma once
// What stands in a certificate file, for whoever compares it with what the world expects.

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/base/result.h"

namespace beredd::io {

// In hexadecimal, by the matching type of a TLSA record (RFC 6698 §2.1.3): as it is, SHA-256,
// SHA-512.
using TlsaForms = std::array<std::string, 3>;

struct ChainLink {
  TlsaForms whole;  // selector 0
  TlsaForms key;    // selector 1: the public key with its algorithm
};

struct Certificate {
  std::filesystem::path file;
  std::vector<std::string> names;  // of hosts, in lower case, as they stand there: "*.example.net"
  base::Instant not_before{}, not_after{};
  bool self_signed = false;
  std::vector<ChainLink> chain;  // the host's own first
};

// Reads a PEM chain, and no key. Errors: permanent/invalid or permanent/tls, naming the file.
base::Result<Certificate> read_certificate(const std::filesystem::path& chain);

}  // namespace beredd::io
