"""OpenSMTPD, holding: delivery is paused, every mail is written to the queue and synced.

Its paths and users are compiled in, so it runs in a mount namespace in which they are folders of ours.
"""

import os
import shutil
import subprocess
from pathlib import Path

from support.programs import greets
from support.waiting import until

from peers import unpacked
from peers.server import Server

_CONFIGURATION = """\
smtp max-message-size 50M
smtp limit max-mails 10000000
listen on 127.0.0.1 port {port} hostname mx.peer.example
action "hold" relay host smtp://127.0.0.1:9
match from any for any action "hold"
"""

# Binds what is compiled in over the namespace's own /var/spool, /var/lib, /run and /usr/libexec.
_IN_NAMESPACE = """\
set -e
for place in var/spool var/lib run usr/libexec; do mount --bind "$1/$place" "/$place"; done
mount --bind "$1/passwd" /etc/passwd
mount --bind "$1/group" /etc/group
mount --bind "$1/resolv.conf" /etc/resolv.conf
chmod 711 /var/spool/smtpd
exec "$2" -d -f "$1/smtpd.conf"
"""


class OpenSmtpd(Server):
    name = "opensmtpd"
    no_tls = "its STARTTLS fails when it runs from a folder: the process that keeps its keys does not sign"

    def __init__(self, folder, port, cache, programs):
        super().__init__(folder, port)
        self._cache = Path(cache) / "opensmtpd"
        self._backlog = Path(programs).resolve() / "wide_backlog.so"

    def why_not(self):
        if os.geteuid() != 0:
            return "OpenSMTPD must be started by root"
        probe = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
        if probe.returncode != 0:
            return "no mount namespace can be made here, which OpenSMTPD needs"
        if not self._backlog.exists():
            return f"{self._backlog} is not built (./dev bench builds it), and OpenSMTPD lets only 5 connections wait"
        try:
            self._root = unpacked.unpack(self._cache, "opensmtpd")
        except unpacked.Unavailable as failure:
            return str(failure)
        return ""

    def start(self):
        here = self.folder
        for place in ("var/spool/smtpd", "var/lib/opensmtpd/empty", "run", "usr/libexec"):
            (here / place).mkdir(parents=True, exist_ok=True)
        shutil.copytree(self._root / "usr/libexec/opensmtpd", here / "usr/libexec/opensmtpd", dirs_exist_ok=True)
        unpacked.accounts(here, "opensmtpd", "opensmtpq")
        # It asks the name of each client, and what asks the network for 127.0.0.1 may wait 5 s for nobody.
        (here / "resolv.conf").write_text("lookup file\nnameserver 127.0.0.1\n")
        (here / "smtpd.conf").write_text(_CONFIGURATION.format(port=self.port))
        (here / "smtpd.conf").chmod(0o600)
        self._log = (here / "log").open("ab")
        self._environment = {**os.environ, "LD_LIBRARY_PATH": unpacked.library_path(self._root)}
        self._process = subprocess.Popen(
            ["unshare", "-m", "sh", "-c", _IN_NAMESPACE, "sh", here, self._root / "usr/sbin/smtpd"],
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
            env={**self._environment, "LD_PRELOAD": str(self._backlog)})
        until(lambda: greets(self.port), 20, "OpenSMTPD to answer")
        self._control("pause", "mta")

    def _control(self, *words):
        # It insists on being setgid.
        control = self._root / "usr/sbin/smtpctl"
        os.chown(control, 0, unpacked.FIRST_ACCOUNT + 1)
        control.chmod(0o2755)
        subprocess.run(["nsenter", "-t", str(self._process.pid), "-m", control, *words],
                       env=self._environment, check=True, capture_output=True)

    def root(self):
        return self._process.pid

    def stop(self):
        self._process.terminate()
        self._process.wait(20)
        self._log.close()
