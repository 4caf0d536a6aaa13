#pragma once
// The PROXY protocol, versions 1 and 2: a load balancer says first, in one header, whom it speaks
// for. Sans-IO and bounded: what cannot become a header any more is refused at once.
//
// Only for peers that are trusted to say so; from anyone else the header is an invention.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "beredd/base/result.h"

namespace beredd::smtp {

struct ProxyHeader {
  // The address of the client, "192.0.2.7" or "2001:db8::7". Nothing: the connection is the
  // balancer's own (v2 LOCAL), or of a kind that has no such address (v1 UNKNOWN, v2 AF_UNSPEC and
  // AF_UNIX).
  std::optional<std::string> client;
};

// Not thread-safe; one per connection.
class ProxyHeaderReader {
 public:
  // v1: 107 octets with CRLF. v2: 16 octets and what they announce, at most 2,048 here: two
  // addresses take 36, the rest are TLVs, which are skipped.
  static constexpr std::size_t kMaxLine = 107;
  static constexpr std::size_t kMaxExtent = 2048;

  // Takes the next bytes. The header when it is whole; nothing when more must come. Bytes behind
  // the header are in rest(). However the input is cut, the answers are the same.
  // Errors: permanent/invalid; the reader is then unusable.
  base::Result<std::optional<ProxyHeader>> receive(std::string_view bytes);
  // REQUIRES: receive() has given the header.
  std::string_view rest() const { return rest_; }

 private:
  std::string gathered_;
  std::string rest_;
  bool unusable_ = false;
};

}  // namespace beredd::smtp
