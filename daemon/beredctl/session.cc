#include "session.h"

#include <ostream>

namespace beredd::beredctl {

int Session::fail(const base::Error& error) {
  err << "beredctl: " << error.detail << "\n";
  return error.code == base::Code::unreachable ? kUnreachable : kFailed;
}

int Session::done(std::string_view text) {
  out << text << std::flush;
  if (out) return kDone;
  return fail(base::permanent(base::Code::io, "the output cannot be written"));
}

}  // namespace beredd::beredctl
