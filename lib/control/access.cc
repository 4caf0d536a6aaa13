#include "access.h"

#include <algorithm>
#include <array>
#include <vector>

#include <grp.h>
#include <pwd.h>

namespace beredd::control {
namespace {

bool is_member(uid_t user, gid_t group) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 16 * 1024> text;
  if (::getpwuid_r(user, &entry, text.data(), text.size(), &found) != 0 || found == nullptr) {
    return false;
  }
  int count = 64;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  if (::getgrouplist(entry.pw_name, entry.pw_gid, groups.data(), &count) < 0) {
    groups.resize(static_cast<std::size_t>(count));  // it said how many there are
    if (::getgrouplist(entry.pw_name, entry.pw_gid, groups.data(), &count) < 0) return false;
  }
  groups.resize(static_cast<std::size_t>(count));
  return std::find(groups.begin(), groups.end(), group) != groups.end();
}

}  // namespace

Role role_of(const std::optional<io::PeerCredentials>& peer, const House& house) {
  if (!peer) return Role::anyone;
  const bool staff = peer->uid == 0 || peer->uid == house.user || peer->gid == house.group ||
                     is_member(peer->uid, house.group);
  return staff ? Role::staff : Role::anyone;
}

}  // namespace beredd::control
