#pragma once
// OpenSSL's view of a socket. Its own one writes with write(2), which may end the process by
// SIGPIPE, and waits for sockets that are in blocking mode.

#include <openssl/bio.h>

namespace beredd::io {

// Null when memory is short. Never closes `socket`.
BIO* new_socket_bio(int socket);

}  // namespace beredd::io
