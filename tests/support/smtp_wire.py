"""SMTP over a plain socket. Sends exactly the bytes it is given; smtplib may repair line ends."""

import re
import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class Reply:
    code: int  # 0: the connection ended instead
    text: str  # the lines without their codes, joined by a blank

    @property
    def good(self):
        return 200 <= self.code < 400

    def __str__(self):
        return f"{self.code} {self.text}" if self.code else self.text


ENDED = Reply(0, "the connection ended")


def stuffed(message):
    """`message` with its leading dots doubled and the end of data behind it (RFC 5321 §4.5.2)."""
    doubled = re.sub(rb"(?m)^\.", b"..", message)
    return doubled + (b".\r\n" if doubled.endswith(b"\r\n") else b"\r\n.\r\n")


class Wire:
    """One connection. Reads replies, writes bytes, knows no more of the protocol than that."""

    def __init__(self, port, host="127.0.0.1", seconds=30, source=""):
        # Any 127.0.0.x will do for a client that is to come from another network than the others.
        self._socket = socket.create_connection((host, port), timeout=seconds, source_address=(source, 0))
        self._pending = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._socket.close()

    def write(self, data):
        self._socket.sendall(data)

    def start_tls(self, context, name):
        """Shakes hands; `name` is the server's."""
        if self._pending:
            raise AssertionError(f"said in the clear, where the handshake is due: {self._pending!r}")
        self._socket = context.wrap_socket(self._socket, server_hostname=name)

    def reply(self):
        """The next reply, all of its lines. ENDED when the peer has gone."""
        lines = []
        while True:
            line = self._line()
            if line is None:
                return ENDED
            lines.append(line[4:])
            if line[3:4] != "-":
                return Reply(int(line[:3]), " ".join(lines))

    def command(self, line):
        """Writes one command and reads its reply."""
        try:
            self.write((line.encode("utf-8") if isinstance(line, str) else line) + b"\r\n")
            return self.reply()
        except (ConnectionError, BrokenPipeError):
            return ENDED

    def _line(self):
        while b"\n" not in self._pending:
            try:
                more = self._socket.recv(4096)
            except ConnectionError:
                return None
            if not more:
                return None
            self._pending += more
        line, self._pending = self._pending.split(b"\n", 1)
        return line.rstrip(b"\r").decode("utf-8", "replace")


class Client:
    """A sending server: greets once, then delivers one mail after the other."""

    def __init__(self, port, name="mx.sender.example", seconds=30):
        self.wire = Wire(port, seconds=seconds)
        self.greeting = self.wire.reply()
        hello = self.wire.command(f"EHLO {name}")
        self._eight_bit = "8BITMIME" in hello.text.upper()
        self.hello = hello

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.wire.close()

    def deliver(self, message, sender, recipients):
        """One transaction. Returns the reply that decided it: the final one, or the first refusal."""
        body = " BODY=8BITMIME" if self._eight_bit and not message.isascii() else ""
        reply = self.wire.command(f"MAIL FROM:<{sender}>{body}")
        if not reply.good:
            return reply
        for recipient in recipients:
            reply = self.wire.command(f"RCPT TO:<{recipient}>")
            if not reply.good:
                self.wire.command("RSET")
                return reply
        reply = self.wire.command("DATA")
        if reply.code != 354:
            return reply
        try:
            self.wire.write(stuffed(message))
            return self.wire.reply()
        except ConnectionError:
            return ENDED


def send(message, sender, recipients, port):
    """One mail over a connection of its own. A refused or lost connection is a Reply too."""
    try:
        with Client(port) as client:
            if client.greeting.code != 220:
                return client.greeting
            if not client.hello.good:
                return client.hello
            reply = client.deliver(message, sender, recipients)
            if reply.code:
                client.wire.command("QUIT")
            return reply
    except OSError as error:
        return Reply(0, str(error))
