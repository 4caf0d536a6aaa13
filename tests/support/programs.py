"""beredd, its sandbox primary and beredctl as processes of their own, stopped by pid."""

import json
import os
import select
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from support import smtp_wire
from support.waiting import until


class Program:
    """One child process; what it says goes to a file."""

    def __init__(self, name, arguments, log):
        self.name = name
        self._arguments = [str(argument) for argument in arguments]
        self.log = Path(log)
        self._process = None
        self.passed_files = ()  # descriptors that the process inherits

    def start(self, **environment):
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                             pass_fds=self.passed_files,
                                             env={**os.environ, **environment})
        return self

    @property
    def pid(self):
        return self._process.pid

    @property
    def running(self):
        return self._process is not None and self._process.poll() is None

    def kill9(self):
        """The crash: no signal handler, no flush."""
        self._end(signal.SIGKILL, 10)

    def stop(self, seconds=20):
        """SIGTERM; SIGKILL when that is not heeded in time. Returns the exit status."""
        return self._end(signal.SIGTERM, seconds)

    def _end(self, how, seconds):
        if self._process is None:
            return None
        if self._process.poll() is None:
            self._process.send_signal(how)
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait(10)

    def said(self):
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def last_words(self, lines=8):
        return "\n".join(self.said().splitlines()[-lines:])

    def must_run(self):
        if not self.running:
            raise RuntimeError(f"{self.name} ended with status {self._process.poll()}:\n{self.last_words()}")
        return True


class Daemon(Program):
    """beredd. `ready()` listens for the notification that systemd would get."""

    def __init__(self, bin_folder, config, log, program="beredd"):
        super().__init__("beredd", [Path(bin_folder) / program, "--config", config], log)
        self._notify_path = Path(log).with_suffix(".notify")
        self._notify = None

    def start(self, **environment):
        if self._notify:
            self._notify.close()  # of a life that ended before it was ready
        self._notify_path.unlink(missing_ok=True)
        self._notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._notify.bind(str(self._notify_path))
        return super().start(NOTIFY_SOCKET=str(self._notify_path), **environment)

    def ready(self, seconds=20):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.must_run()
            if select.select([self._notify], [], [], 0.1)[0] and b"READY=1" in self._notify.recv(4096).split():
                self._notify.close()
                return self
        raise RuntimeError(f"beredd did not say that it is ready within {seconds} s:\n{self.last_words()}")


class Sandbox(Program):
    """The primary to practise on: `beredctl sandbox`."""

    def __init__(self, bin_folder, smtp, health, keep, log, fail=None):
        self.smtp, self.health, self.keep = smtp, health, Path(keep)
        arguments = [Path(bin_folder) / "beredctl", "sandbox", "--smtp", f"127.0.0.1:{smtp}",
                     "--health", f"127.0.0.1:{health}", "--keep", keep]
        self.keep.mkdir(exist_ok=True)
        super().__init__("the sandbox primary", arguments + (["--fail", fail] if fail else []), log)

    def ready(self, seconds=20):
        until(lambda: self.must_run() and self.answers(), seconds, "the sandbox primary to answer")
        return self

    def answers(self):
        return healthy(self.health) and greets(self.smtp)

    def kept(self):
        """What it holds, in the order of arrival: (bytes, envelope) of each mail."""
        found = []
        for mail in sorted(self.keep.glob("*.eml"), key=lambda path: int(path.stem)):
            found.append((mail.read_bytes(), json.loads(mail.with_suffix(".json").read_text())))
        return found

    def count(self):
        return sum(1 for _ in self.keep.glob("*.eml"))


class Beredctl:
    """The command line against one control socket."""

    def __init__(self, bin_folder, control_socket):
        self._program, self._socket = str(Path(bin_folder) / "beredctl"), str(control_socket)
        self._identity = {}

    def run(self, *arguments, seconds=30):
        command = [self._program, "--socket", self._socket, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, timeout=seconds, check=False, **self._identity)

    def as_user(self, uid, gid):
        """The same, asked by somebody else; only root can."""
        other = Beredctl(Path(self._program).parent, self._socket)
        other._identity = {"user": uid, "group": gid, "extra_groups": []}
        return other

    def text(self, *arguments, seconds=30):
        done = self.run(*arguments, seconds=seconds)
        if done.returncode != 0:
            raise RuntimeError(f"beredctl {' '.join(map(str, arguments))}: exit status {done.returncode}: "
                               f"{done.stderr.decode(errors='replace').strip()}")
        return done.stdout.decode("utf-8")

    def json(self, *arguments):
        return json.loads(self.text("--json", *arguments))

    def export(self):
        # All the mail there is, read in the jail: the one command whose time grows with the store.
        return [json.loads(line) for line in self.text("export", seconds=300).splitlines() if line]

    def mode(self, primary="helpdesk"):
        rows = self.json("failover", "status")
        return next(row["mode"] for row in rows if row["primary"] == primary)

    def waiting(self, primary="helpdesk"):
        """How many mails have not reached the primary yet, sorted or not."""
        rows = self.json("handback", "status")
        row = next(row for row in rows if row["primary"] == primary)
        return row["held"] + row["queued"] + row["offered"] + self.json("status")["unsorted"]

    def at_rest(self):
        return self.mode() == "normal" and self.waiting() == 0


def healthy(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def greets(port):
    try:
        with smtp_wire.Wire(port, seconds=1) as wire:
            return wire.reply().code == 220
    except OSError:
        return False
