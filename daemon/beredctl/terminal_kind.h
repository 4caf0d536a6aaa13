#pragma once

namespace beredd::beredctl {

// Whether terminfo(5) knows the terminal that TERM names. To be asked before newterm(), which keeps
// memory that nobody can give back when it does not.
bool terminal_is_known();

}  // namespace beredd::beredctl
