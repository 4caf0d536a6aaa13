#!/usr/bin/env python3
"""Memory is bounded whatever is sent: many large mails at once, and thousands of silent connections.

Measured on the optimised programs, because a sanitizer's own memory is no measure: skipped where they are not built.
MEMORY_MIB in the environment says how large each of the 200 mails is (`./dev bench memory`: 40).
"""

import os
import resource
import selectors
import socket
import sys
import threading
import time
from pathlib import Path

from support.lab import Lab

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAMS = ROOT / "build" / "release" / "bin"
SESSIONS, IDLE = 200, 5000
MOST_LOADED = 128 << 20
MOST_IDLE = 20 << 10
ENOUGH_DESCRIPTORS = 2 * IDLE + 1000


def private_bytes(pid):
    """What the process has to itself: anonymous memory, not the pages of the store's file."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) << 10
    raise RuntimeError("no RssAnon in /proc")


class Peak:
    """The largest private memory seen between enter and exit."""

    def __init__(self, pid):
        self.pid, self.bytes, self._ended = pid, 0, threading.Event()

    def __enter__(self):
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()

    def _watch(self):
        while not self._ended.wait(0.02):
            self.bytes = max(self.bytes, private_bytes(self.pid))


class Client:
    """One connection without a thread: what it still has to send, and what it waits for."""

    def __init__(self, port, body=None):
        self.socket = socket.create_connection(("127.0.0.1", port), 30)
        self.hear("220")
        self._say("EHLO load.example", "250")
        if body is None:
            return
        self._say("MAIL FROM:<big@customer.example>", "250")
        self._say("RCPT TO:<support@help.example>", "250")
        self._say("DATA", "354")
        self.left = memoryview(body)

    def _say(self, line, expected):
        self.socket.sendall(line.encode() + b"\r\n")
        self.hear(expected)

    def hear(self, code):
        """Reads one whole reply."""
        while (line := self._line())[3:4] == b"-":
            pass
        if not line.startswith(code.encode()):
            raise AssertionError(f"expected {code}, heard {line!r}")

    def _line(self):
        line = b""
        while not line.endswith(b"\r\n"):
            byte = self.socket.recv(1)
            if not byte:
                raise AssertionError(f"the connection ended after {line!r}")
            line += byte
        return line


def send_all(clients):
    """Everybody's message, side by side; returns when each has its 250."""
    selector = selectors.DefaultSelector()
    for client in clients:
        client.socket.setblocking(False)
        selector.register(client.socket, selectors.EVENT_WRITE, client)
    while selector.get_map():
        for key, _ in selector.select(60):
            client = key.data
            client.left = client.left[client.socket.send(client.left[:65536]):]
            if not client.left:
                selector.unregister(client.socket)
    for client in clients:
        client.socket.setblocking(True)
        client.socket.settimeout(300)
        client.hear("250")


def check_large(lab, mebibytes):
    body = (b"Subject: large\r\n\r\n" + (b"x" * 76 + b"\r\n") * (mebibytes * (1 << 20) // 78) + b".\r\n")
    clients = [Client(lab.smtp, body) for _ in range(SESSIONS)]
    with Peak(lab.daemon.pid) as peak:
        began = time.monotonic()
        send_all(clients)
    for client in clients:
        client.socket.close()
    took = time.monotonic() - began
    print(f"{SESSIONS} sessions, {mebibytes} MiB each at once: peak private memory {peak.bytes / (1 << 20):.0f} MiB "
          f"(at most {MOST_LOADED >> 20}), {SESSIONS * mebibytes / took:.0f} MiB/s", flush=True)
    assert peak.bytes < MOST_LOADED, "too much memory under load"


def check_idle(lab):
    before = private_bytes(lab.daemon.pid)
    clients = [Client(lab.smtp) for _ in range(IDLE)]
    each = (private_bytes(lab.daemon.pid) - before) / IDLE
    print(f"{IDLE} idle sessions: {each / 1024:.1f} KiB each (at most {MOST_IDLE >> 10})", flush=True)
    assert each < MOST_IDLE, "an idle session takes too much memory"
    for client in clients:
        client.socket.close()


def main():
    if not (PROGRAMS / "beredd").exists():
        print(f"skipped: {PROGRAMS / 'beredd'} is not built (./dev build)")
        return 77
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard != resource.RLIM_INFINITY and hard < ENOUGH_DESCRIPTORS:
        print(f"skipped: only {hard} file descriptors may be open, {ENOUGH_DESCRIPTORS} are needed")
        return 77
    resource.setrlimit(resource.RLIMIT_NOFILE, (ENOUGH_DESCRIPTORS, hard))
    mebibytes = int(os.environ.get("MEMORY_MIB", "4"))
    extra = (f"max_sessions = {IDLE + 100}", 'max_message_size = "41MiB"')
    with Lab(PROGRAMS, smtp_extra=extra) as lab:
        lab.start()
        check_idle(lab)
    with Lab(PROGRAMS, smtp_extra=extra) as lab:
        lab.start()
        lab.beredctl.text("failover", "force", "helpdesk", "fallback")
        check_large(lab, mebibytes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
