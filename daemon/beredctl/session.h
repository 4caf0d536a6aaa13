#pragma once
// What carrying out a command works with, and how it ends.

#include "client.h"
#include "style.h"

#include <iosfwd>
#include <string>

#include "beredd/api/codec.h"

namespace beredd::beredctl {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUnreachable = 3;

struct Session {
  Client& client;
  bool json = false;
  Style style;
  std::ostream& out;
  std::ostream& err;
  std::istream* in = nullptr;  // null: there is no standard input
  bool person = false;         // somebody sits at the terminal, and can be asked

  // One line on stderr; the exit status that goes with the error.
  int fail(const base::Error& error);
  int done(std::string_view text);

  // GETs `target` and prints it: the daemon's own JSON, or `print`'s text of it.
  template <typename T, typename Print>
  int show(const std::string& target, Print print) {
    const auto body = client.get(target);
    return body ? present<T>(*body, print) : fail(body.error());
  }
  template <typename T, typename Print>
  int present(const std::string& body, Print print) {
    if (json) return done(body);
    const auto value = api::decode<T>(body);
    return value ? done(print(*value, style)) : fail(value.error());
  }
};

}  // namespace beredd::beredctl
