#pragma once
// Every key of beredd.toml, once: the parser, `config check`, the sample and the man page live by it.

#include <span>
#include <string_view>

namespace beredd::config {

enum class Kind { text, integer, boolean, duration, bytes, endpoint, path, list, table, choice };

struct Key {
  std::string_view path;     // "smtp.idle_timeout"; array tables by their name: "desk.addresses"
  Kind kind = Kind::text;
  bool required = false;
  std::string_view standard;  // the default as written in TOML; empty: none
  std::string_view minimum;   // in the key's own unit; empty: none
  std::string_view maximum;
  std::string_view choices;   // "off | opportunistic | required"
  std::string_view help;      // one sentence
};

std::span<const Key> schema();

}  // namespace beredd::config
