"""A program on a terminal in memory: what stands on its screen, and keys for it."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

try:
    import pyte
except ImportError:  # Debian's package is for Debian's Python; it is plain Python all the same.
    sys.path.append("/usr/lib/python3/dist-packages")
    try:
        import pyte
    except ImportError:
        pyte = None


class Terminal:
    """Starts `arguments` on a terminal of its own; leaving it ends the program by its pid."""

    def __init__(self, arguments, kind="xterm", rows=24, columns=80):
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.received = b""
        self.status = None
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM=kind, LC_ALL="C.UTF-8", TZ="UTC")
            os.execv(arguments[0], [str(argument) for argument in arguments])
        self.resize(rows, columns)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._fd)

    def resize(self, rows, columns):
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def type(self, keys):
        os.write(self._fd, keys.encode())

    def read(self, seconds):
        """Takes in what comes within `seconds`; False: the program has ended."""
        if not select.select([self._fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            data = b""
        self.received += data
        self._stream.feed(data)
        return bool(data)

    @property
    def lines(self):
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self):
        return "\n".join(self.lines)

    def until(self, condition, what, seconds=30):
        deadline = time.monotonic() + seconds
        while not condition(self.text):
            if time.monotonic() > deadline or not self.read(0.1):
                raise AssertionError(f"waited for {what}; the screen is:\n{self.text}")

    def shows(self, words, seconds=30):
        self.until(lambda text: words in text, f"{words!r} on the screen", seconds)

    def ends(self, seconds=30):
        """Its exit status."""
        deadline = time.monotonic() + seconds
        while self.read(0.1):
            if time.monotonic() > deadline:
                raise AssertionError(f"it does not end; the screen is:\n{self.text}")
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status
