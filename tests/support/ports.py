"""Free ports on loopback, chosen at run time."""

import random
import socket

# Below the range that Linux takes for outgoing connections: a port chosen here stays free while a
# server is down, even when hundreds of clients knock on it.
_LOWEST, _HIGHEST = 20000, 32000


def free_ports(count):
    """`count` different TCP ports on 127.0.0.1 that nobody listens on."""
    found = []
    for port in random.SystemRandom().sample(range(_LOWEST, _HIGHEST), _HIGHEST - _LOWEST):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            return found
    raise RuntimeError("no free port on 127.0.0.1")
