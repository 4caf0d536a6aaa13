#pragma once
// SHA-256 (FIPS 180-4), whole and in pieces; hexadecimal.

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "beredd/base/result.h"

namespace beredd::base {

using Sha256 = std::array<std::byte, 32>;

Sha256 sha256(std::string_view bytes);

// Digest of a stream. Not thread-safe; movable.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;

  void update(std::string_view bytes);
  // The digest of everything so far; the stream starts anew.
  Sha256 finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string to_hex(std::span<const std::byte> bytes);  // lower case
// Errors: permanent/invalid on an odd length or a digit that is none.
Result<std::string> from_hex(std::string_view hex);

}  // namespace beredd::base
