#pragma once
// The commands on notices and templates.

#include <cstdint>
#include <string>

namespace beredd::beredctl {

struct PreviewNotice {
  std::string desk;      // empty: the only one
  std::string language;  // empty: the desk's own
};
struct ListTemplates {
  std::string desk;  // empty: all
};
struct ShowTemplate {
  std::string name;
  std::string language;      // empty: the customer's, where that can be told
  std::uint64_t ticket = 0;  // that it is filled in for; 0: it is shown as it is
};

}  // namespace beredd::beredctl
