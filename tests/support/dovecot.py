"""A real Dovecot, run by tests/support/primaries/dovecot.sh."""

import imaplib
import os
import shutil
import signal
import ssl
import subprocess
import tempfile
from pathlib import Path

_SCRIPT = Path(__file__).resolve().parent / "primaries" / "dovecot.sh"
USER, PASSWORD = "support@primary.example", "outage-drill"


def why_not():
    """Why Dovecot cannot be run here, or "" when it can."""
    if not os.access("/usr/lib/dovecot/lmtp", os.X_OK):
        return "Dovecot is not installed (apt-get install --no-install-recommends dovecot-imapd dovecot-lmtpd)"
    if os.geteuid() != 0:
        return "Dovecot must be started by root"
    return ""


class Dovecot:
    """IMAPS on `port`, IMAP with STARTTLS on the next, LMTP on the one after that."""

    def __init__(self, port):
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.folder.chmod(0o755)
        self.imaps, self.imap, self.lmtp = port, port + 1, port + 2

    @property
    def authority(self):
        return self.folder / "tls" / "ca.pem"

    @property
    def other_authority(self):
        return self.folder / "tls" / "other-ca.pem"

    def _run(self, *arguments):
        done = subprocess.run([_SCRIPT, *map(str, arguments)], timeout=60, check=False, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)

    def start(self):
        self._run("start", self.folder, self.imaps)
        return self

    def stop(self):
        self._run("stop", self.folder)

    def crash(self):
        """Kills the master and every process of its session at once."""
        pid = int((self.folder / "run" / "master.pid").read_text())
        os.killpg(pid, signal.SIGKILL)

    def fault(self, mode):
        self._run("fault", self.folder, mode)

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def client(self):
        context = ssl.create_default_context(cafile=str(self.authority))
        client = imaplib.IMAP4_SSL("127.0.0.1", self.imaps, ssl_context=context)
        client.login(USER, PASSWORD)
        return client

    def mailboxes(self):
        with self.client() as client:
            return {line.decode().rsplit(' "/" ', 1)[1].strip('"') for line in client.list()[1]}

    def mails(self, mailbox="INBOX"):
        """What lies there in order of UID: (bytes, what else FETCH says of it)."""
        with self.client() as client:
            if client.select(f'"{mailbox}"', readonly=True)[0] != "OK":
                return []
            rows = client.fetch("1:*", "(INTERNALDATE FLAGS BODY.PEEK[])")[1]
            return [(row[1], row[0].decode()) for row in rows if isinstance(row, tuple)]

    def count(self, mailbox="INBOX"):
        with self.client() as client:
            status, rows = client.status(f'"{mailbox}"', "(MESSAGES)")
            return int(rows[0].rsplit(b" ", 1)[1].rstrip(b")")) if status == "OK" else 0
