#pragma once
// What S/MIME puts around a message (RFC 8551), by OpenSSL's CMS.

#include <string>
#include <string_view>

namespace beredd::mail {

struct Smime {
  enum class Kind { unreadable, signed_data, enveloped, compressed, certificates, other };
  Kind kind = Kind::unreadable;
  // Of signed data: the MIME entity inside. Nobody has verified the signature, nor looks for keys.
  std::string content;
};

// `der` in BER or DER. Depth and size are bounded by the ASN.1 reader and by `der`.
Smime open_smime(std::string_view der);

}  // namespace beredd::mail
