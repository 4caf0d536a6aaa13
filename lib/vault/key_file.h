#pragma once
// Who may own and read a file that holds a key.

#include <sys/types.h>

namespace beredd::vault {

// Only the owner may have any right; root may let a group read, as systemd does with credentials.
bool is_private(uid_t owner, mode_t mode);

}  // namespace beredd::vault
