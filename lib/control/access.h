#pragma once
// Who may ask what, from the credentials of the process at the other end of the Unix socket.

#include <optional>

#include <sys/types.h>

#include "beredd/io/network.h"

namespace beredd::control {

enum class Role {
  anyone,  // could connect
  staff,   // may see customers' mail and switch modes
};

// The user that the daemon runs as, and the group that its socket belongs to.
struct House {
  uid_t user = 0;
  gid_t group = 0;
};

// Root, the house's own user, and members of its group (by the peer's own group or by the system's
// user database) are staff. Without credentials: anyone.
Role role_of(const std::optional<io::PeerCredentials>& peer, const House& house);

}  // namespace beredd::control
