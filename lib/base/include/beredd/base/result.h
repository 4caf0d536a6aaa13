#pragma once
// Result<T>: a T or an Error, in a class that the compiler will not let you drop.

#include <utility>

#include <tl/expected.hpp>

#include "beredd/base/error.h"

namespace beredd::base {

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : inner_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error)
      : inner_(tl::unexpect, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return inner_.has_value(); }
  explicit operator bool() const { return ok(); }

  // REQUIRES: ok().
  T& operator*() & { return *inner_; }
  const T& operator*() const& { return *inner_; }
  T&& operator*() && { return *std::move(inner_); }
  T* operator->() { return &*inner_; }
  const T* operator->() const { return &*inner_; }

  // REQUIRES: !ok().
  const Error& error() const& { return inner_.error(); }
  Error&& error() && { return std::move(inner_).error(); }

  T value_or(T otherwise) const { return inner_.value_or(std::move(otherwise)); }

 private:
  tl::expected<T, Error> inner_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error)
      : inner_(tl::unexpect, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return inner_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const& { return inner_.error(); }
  Error&& error() && { return std::move(inner_).error(); }

 private:
  tl::expected<void, Error> inner_;
};

using Status = Result<void>;

}  // namespace beredd::base
