#pragma once
// Who is at the other end of the Unix socket.

#include <string>

#include <sys/types.h>

namespace beredd::control {

// The login name of `user` in the system's user database; "uid 1000" when it has none. It asks
// the name service, so it may take as long as that one does.
std::string login_of(uid_t user);

}  // namespace beredd::control
