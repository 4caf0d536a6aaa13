"""Exim, queue_only: every mail is written to the spool and synced, and nothing runs the queue."""

import os
import subprocess
from pathlib import Path

from support.certificate import Certificate
from support.programs import greets
from support.waiting import until

from peers import unpacked
from peers.server import Server

_CONFIGURATION = """\
primary_hostname = mx.peer.example
exim_path = {program}
exim_user = mail
exim_group = mail
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
pid_file_path = {folder}/exim.pid
daemon_smtp_ports = {port}
local_interfaces = 127.0.0.1
queue_only = true
split_spool_directory = true
message_logs = false
keep_environment = LD_LIBRARY_PATH
message_size_limit = 50M
smtp_accept_max = 0
smtp_accept_max_per_connection = 10000000
smtp_accept_queue_per_connection = 0
smtp_connect_backlog = 512
host_lookup =
rfc1413_query_timeout = 0s
sender_unqualified_hosts =
tls_advertise_hosts = *
tls_certificate = {folder}/tls.pem
acl_smtp_rcpt = accept_all
acl_smtp_data = accept_all
begin acl
accept_all:
  accept
begin routers
begin transports
"""


# The account that Debian compiled in is looked up even when another is configured.
_IN_NAMESPACE = """\
set -e
mount --bind "$1/passwd" /etc/passwd
mount --bind "$1/group" /etc/group
exec "$2" -C "$1/exim.conf" -bdf
"""


class Exim(Server):
    name = "exim"

    def __init__(self, folder, port, cache):
        super().__init__(folder, port)
        self._cache = Path(cache) / "exim"

    def why_not(self):
        if os.geteuid() != 0:
            return "Exim must be started by root"
        try:
            self._root = unpacked.unpack(self._cache, "exim4-daemon-light")
        except unpacked.Unavailable as failure:
            return str(failure)
        return ""

    def start(self):
        for name in ("spool", "log"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        certificate = Certificate(self.folder)
        (self.folder / "tls.pem").write_text(certificate.key.read_text() + certificate.chain.read_text())
        unpacked.accounts(self.folder, "Debian-exim")
        (self.folder / "exim.conf").write_text(_CONFIGURATION.format(
            folder=self.folder, port=self.port, program=self._root / "usr/sbin/exim4"))
        subprocess.run(["chown", "-R", "mail:mail", self.folder / "spool", self.folder / "log", self.folder / "tls.pem"],
                       check=True)
        self._log = (self.folder / "stderr").open("ab")
        self._process = subprocess.Popen(
            ["unshare", "-m", "sh", "-c", _IN_NAMESPACE, "sh", self.folder, self._root / "usr/sbin/exim4"],
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
            env={**os.environ, "LD_LIBRARY_PATH": unpacked.library_path(self._root)})
        until(lambda: greets(self.port), 20, "Exim to answer")

    def root(self):
        return self._process.pid

    def stop(self):
        self._process.terminate()
        self._process.wait(10)
        self._log.close()
