#pragma once
// libetpan's stream over a BlockingSocket: its own TLS accepts any certificate, and its timeouts
// begin anew with each byte.

#include "blocking_socket.h"

#include <libetpan/libetpan.h>

namespace beredd::remote {

// For mailimap_connect() and mailstream_set_low(). The socket outlives it; closing and freeing it
// leave the socket alone.
mailstream_low* etpan_stream(BlockingSocket& socket);

}  // namespace beredd::remote
