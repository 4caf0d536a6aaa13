#pragma once
// Content-Transfer-Encoding (RFC 2045 §6): lenient decoders that run in one pass and can be fed in
// pieces, so that a large part needs no second copy of itself.

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace beredd::mail {

enum class Transfer : std::uint8_t { identity, base64, quoted_printable, uuencode, unknown };

// "base64", "Base64 ", "\"base64\"", "base64 (comment)" …
Transfer transfer_named(std::string_view value);

enum class Damage { none, repaired };

using Sink = std::function<void(std::string_view)>;

// Hands the decoded bytes to `sink`, in pieces of bounded size.
Damage decode(std::string_view encoded, Transfer transfer, const Sink& sink);

// All at once.
std::string decoded(std::string_view encoded, Transfer transfer, Damage* damage = nullptr);

}  // namespace beredd::mail
