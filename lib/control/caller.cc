#include "caller.h"

#include <vector>

#include <fmt/format.h>
#include <pwd.h>

namespace beredd::control {

std::string login_of(uid_t user) {
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> text(16UL * 1024);
  const bool known = ::getpwuid_r(user, &entry, text.data(), text.size(), &found) == 0;
  if (known && found != nullptr && *entry.pw_name != '\0') return entry.pw_name;
  return fmt::format("uid {}", user);
}

}  // namespace beredd::control
