"""A name server on loopback for one test: it knows what it was told, and counts what it is asked."""

import socket
import struct
import threading

_TYPES = {"A": 1, "MX": 15, "TXT": 16, "AAAA": 28, "TLSA": 52}
_NAMES = {number: name for name, number in _TYPES.items()}
_NO_SUCH_NAME, _SERVER_FAILURE = 3, 2


def _name(text):
    labels = [label.encode() for label in text.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def _data(kind, value):
    """Record data (RFC 1035 §3.3) of "192.0.2.1", "10 mx.example", any text, or "3 1 1 0b9f…"."""
    if kind == "A":
        return socket.inet_aton(value)
    if kind == "AAAA":
        return socket.inet_pton(socket.AF_INET6, value)
    if kind == "MX":
        preference, host = value.split()
        return struct.pack("!H", int(preference)) + _name(host)
    if kind == "TXT":
        parts = [value.encode()[at:at + 255] for at in range(0, len(value), 255)] or [b""]
        return b"".join(bytes([len(part)]) + part for part in parts)
    usage, selector, matching, fingerprint = value.split()
    return bytes([int(usage), int(selector), int(matching)]) + bytes.fromhex(fingerprint)


class NameServer:
    """Answers by UDP from a thread of its own, until it is closed."""

    def __init__(self, records=None):
        self.records = {}  # ("name", "A") -> list of values
        self.failing = set()  # names answered SERVFAIL
        self.silent = set()  # names not answered at all
        self.asked = []  # (name, kind), in order
        for (name, kind), values in (records or {}).items():
            self.say(name, kind, *values)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join()
        self._socket.close()

    def say(self, name, kind, *values):
        self.records[name.lower(), kind] = list(values)

    def lines(self):
        """The [dns] table of a beredd that asks this server."""
        return ("[dns]", f'servers = ["127.0.0.1:{self.port}"]')

    def questions(self, kind):
        return [name for name, of_kind in list(self.asked) if of_kind == kind]

    def _serve(self):
        while True:
            query, whence = self._socket.recvfrom(4096)
            if not query:
                return
            reply = self._reply(query)
            if reply:
                self._socket.sendto(reply, whence)

    def _reply(self, query):
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode())
            at += 1 + query[at]
        question = query[12:at + 5]
        name, kind = ".".join(labels).lower(), _NAMES.get(struct.unpack("!H", query[at + 1:at + 3])[0], "?")
        self.asked.append((name, kind))
        if name in self.silent:
            return None
        values = self.records.get((name, kind), [])
        known = any(name == of_name for of_name, _ in self.records)
        code = _SERVER_FAILURE if name in self.failing else 0 if known else _NO_SUCH_NAME
        header = query[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, len(values), 0, 0)
        answers = b""
        for value in values:
            data = _data(kind, value)
            answers += b"\xc0\x0c" + question[-4:] + struct.pack("!IH", 300, len(data)) + data
        return header + question + answers
