#pragma once
// Which parts of a mail are what it says, and which are attached to it (RFC 2046 §5.1, RFC 2183).

#include "defects.h"
#include "skeleton.h"

#include <cstdint>
#include <string>
#include <vector>

namespace beredd::mail {

enum class Role : std::uint8_t { container, shown, hidden, attached };

struct Body {
  std::string text;         // UTF-8, LF line ends
  std::vector<Role> roles;  // as Skeleton::parts
};

Body read_body(const Skeleton& skeleton, Defects& defects);

// The name that the part's header gives it, decoded but not yet made safe.
std::string given_name(const Content& content);

// The part's bytes as text.
std::string part_text(const Part& part, Defects& defects);

}  // namespace beredd::mail
