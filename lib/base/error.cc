#include "beredd/base/error.h"

#include <utility>

#include <fmt/format.h>

namespace beredd::base {

std::string_view name(Fault fault) {
  switch (fault) {
    case Fault::transient: return "transient";
    case Fault::permanent: return "permanent";
    case Fault::bug: return "bug";
  }
  return "bug";
}

std::string_view name(Code code) {
  switch (code) {
    case Code::invalid: return "invalid";
    case Code::not_found: return "not_found";
    case Code::exists: return "exists";
    case Code::conflict: return "conflict";
    case Code::refused: return "refused";
    case Code::too_large: return "too_large";
    case Code::store_full: return "store_full";
    case Code::io: return "io";
    case Code::timeout: return "timeout";
    case Code::unreachable: return "unreachable";
    case Code::closed: return "closed";
    case Code::tls: return "tls";
    case Code::corrupt: return "corrupt";
    case Code::version: return "version";
    case Code::cancelled: return "cancelled";
    case Code::unsupported: return "unsupported";
    case Code::internal: return "internal";
  }
  return "internal";
}

Error transient(Code code, std::string detail) {
  return Error{Fault::transient, code, std::move(detail)};
}

Error permanent(Code code, std::string detail) {
  return Error{Fault::permanent, code, std::move(detail)};
}

Error bug(std::string detail) { return Error{Fault::bug, Code::internal, std::move(detail)}; }

std::string to_string(const Error& error) {
  return fmt::format("{}/{}: {}", name(error.fault), name(error.code), error.detail);
}

}  // namespace beredd::base
