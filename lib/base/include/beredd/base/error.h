#pragma once
// Failure as a value. Every module seam returns Result<T>; exceptions live only inside the adapters
// around libraries that throw.

#include <string>
#include <string_view>

namespace beredd::base {

// What a caller can do about a failure. SMTP turns transient into 4xx and permanent into 5xx.
enum class Fault {
  transient,  // the same call may succeed later
  permanent,  // the same call will fail again
  bug,        // one of our own invariants is broken
};

// What failed, in the terms of whoever asked. Public texts are made from the code alone.
enum class Code {
  invalid,      // malformed input
  not_found,    // no such thing
  exists,       // there is one already
  conflict,     // not possible in the present state
  refused,      // policy, or the peer, says no
  too_large,    // over a limit
  store_full,   // no room on disk, in the map or in the queue
  io,           // the operating system failed us
  timeout,      // nothing came within its time
  unreachable,  // no connection
  closed,       // the peer went away
  tls,          // handshake or certificate
  corrupt,      // what was read is not what was written
  version,      // written by a version that we do not know
  cancelled,    // we are shutting down
  unsupported,  // the peer or the build cannot do this
  internal,     // a bug
};

std::string_view name(Fault fault);
std::string_view name(Code code);

// One failure: its class, its kind, and a detail for the operator, never for a mail client.
struct Error {
  Fault fault = Fault::bug;
  Code code = Code::internal;
  std::string detail;
};

Error transient(Code code, std::string detail);
Error permanent(Code code, std::string detail);
Error bug(std::string detail);

// "transient/store_full: the map has no free page"
std::string to_string(const Error& error);

}  // namespace beredd::base
