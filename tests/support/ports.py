"""Free ports on loopback, chosen at run time."""

import random
import socket

# Below the range that Linux takes for outgoing connections: a port chosen here stays free while a
# server is down, even when hundreds of clients knock on it.
_LOWEST, _HIGHEST = 20000, 32000


def _is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def ports_in_a_row(count):
    """The first of `count` free ports, one behind the other."""
    for first in random.SystemRandom().sample(range(_LOWEST, _HIGHEST - count), 100):
        if all(map(_is_free, range(first, first + count))):
            return first
    raise RuntimeError("no free ports on 127.0.0.1")


def free_ports(count):
    """`count` different TCP ports on 127.0.0.1 that nobody listens on."""
    found = []
    for port in random.SystemRandom().sample(range(_LOWEST, _HIGHEST), _HIGHEST - _LOWEST):
        if not _is_free(port):
            continue
        found.append(port)
        if len(found) == count:
            return found
    raise RuntimeError("no free port on 127.0.0.1")
