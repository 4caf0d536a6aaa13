#include "answers.h"

namespace beredd::control {
namespace {

int status_of(const base::Error& error) {
  if (error.fault == base::Fault::transient) return 503;
  switch (error.code) {
    case base::Code::invalid: return 400;
    case base::Code::refused: return 403;
    case base::Code::not_found: return 404;
    case base::Code::exists:
    case base::Code::conflict:
    case base::Code::unsupported: return 409;
    case base::Code::too_large: return 413;
    default: return 500;
  }
}

}  // namespace

HttpResponse problem(int status, const base::Error& error, std::string_view hint) {
  const api::Problem problem{error.detail, std::string(base::name(error.code)), std::string(hint)};
  return {status, "application/json", api::encode(problem) + "\n"};
}

HttpResponse problem(const base::Error& error, std::string_view hint) {
  return problem(status_of(error), error, hint);
}

}  // namespace beredd::control
