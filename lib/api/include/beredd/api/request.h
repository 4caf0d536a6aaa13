#pragma once
// What clients send, what they get when it fails, and the configuration as the API shows it.

#include <string>

namespace beredd::api {

// The body of every answer that is not 2xx.
struct Problem {
  std::string error;  // one line for a person
  std::string code;   // the names of base::Code
  std::string hint;   // what to do about it; null: nothing to say
  friend bool operator==(const Problem&, const Problem&) = default;
};

struct ForceRequest {
  std::string mode;  // normal, fallback
  friend bool operator==(const ForceRequest&, const ForceRequest&) = default;
};

struct QuarantineRequest {
  std::string primary;  // null: the one whose quarantine holds the message
  std::string reason;   // null: none given
  friend bool operator==(const QuarantineRequest&, const QuarantineRequest&) = default;
};

struct ConfigView {
  std::string file;
  std::string toml;  // every key, defaults included; no secrets
  friend bool operator==(const ConfigView&, const ConfigView&) = default;
};

}  // namespace beredd::api
