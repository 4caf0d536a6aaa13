"""A real Postfix beside the system's, run by tests/support/primaries/postfix.sh."""

import os
import shutil
import subprocess
from pathlib import Path

_SCRIPT = Path(__file__).resolve().parent / "primaries" / "postfix.sh"


def why_not():
    """Why Postfix cannot be run here, or "" when it can."""
    if not os.access("/usr/lib/postfix/sbin/master", os.X_OK):
        return "Postfix is not installed (apt-get install --no-install-recommends postfix)"
    if os.geteuid() != 0:
        return "Postfix must be started by root"
    return ""


class Postfix:
    def __init__(self, folder, port, **environment):
        self.folder, self.port = Path(folder), port
        self._environment = {**os.environ, **environment}
        self.folder.mkdir(mode=0o755, exist_ok=True)

    def _run(self, *arguments):
        done = subprocess.run([_SCRIPT, *map(str, arguments)], env=self._environment, timeout=60, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)

    def start(self):
        self._run("start", self.folder, self.port)
        return self

    def stop(self):
        self._run("stop", self.folder)

    def crash(self):
        self._run("kill", self.folder)

    def remove(self):
        """Stops it and removes its folder; what stays would be owned by other accounts."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def delivered(self, user):
        """The Maildir files of `user` with CRLF line ends; Postfix writes LF."""
        folder = self.folder / "mail" / user / "new"
        return [path.read_bytes().replace(b"\n", b"\r\n") for path in sorted(folder.glob("*"))]

    def count(self, *users):
        return sum(len(list((self.folder / "mail" / user / "new").glob("*"))) for user in users)
