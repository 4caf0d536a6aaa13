#pragma once
// What one attempt at a non-blocking operation came to.

#include <cstddef>
#include <optional>
#include <utility>

#include "beredd/base/error.h"

namespace beredd::io {

struct Attempt {
  enum class Then { done, wait_read, wait_write, failed };
  Then then = Then::done;
  std::size_t count = 0;             // done: how many bytes
  std::optional<base::Error> error;  // failed

  static Attempt done(std::size_t count) { return {Then::done, count, {}}; }
  static Attempt wait_read() { return {Then::wait_read, 0, {}}; }
  static Attempt wait_write() { return {Then::wait_write, 0, {}}; }
  static Attempt failed(base::Error error) { return {Then::failed, 0, std::move(error)}; }
};

}  // namespace beredd::io
