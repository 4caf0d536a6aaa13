#pragma once
// Answers of the API: JSON for what went well, a Problem for what did not.

#include <string_view>

#include "beredd/api/codec.h"
#include "beredd/base/result.h"
#include "beredd/control/http.h"

namespace beredd::control {

// 400, 403, 404, 409, 413, 500 or 503, from the error's code.
HttpResponse problem(const base::Error& error, std::string_view hint = {});
HttpResponse problem(int status, const base::Error& error, std::string_view hint = {});

template <typename T>
HttpResponse answer(const T& value) {
  return {200, "application/json", api::encode(value) + "\n"};
}

template <typename T>
HttpResponse answer(const base::Result<T>& result, std::string_view hint = {}) {
  return result ? answer(*result) : problem(result.error(), hint);
}

}  // namespace beredd::control
