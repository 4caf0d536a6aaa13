"""beredd itself, holding: its primary is away by decree, and sorting goes on as it does in production."""

import tempfile

from support.certificate import Certificate
from support.lab import Lab
from support.waiting import until

from peers.server import Server


class Ours(Server):
    name = "beredd"

    def __init__(self, programs):
        self._secrets = tempfile.TemporaryDirectory(prefix="beredd-bench-")
        self.lab = Lab(programs, smtp_extra=Certificate(self._secrets.name).smtp_lines())
        super().__init__(self.lab.folder, self.lab.smtp)

    def start(self):
        self.lab.start()
        self.lab.beredctl.text("failover", "force", "helpdesk", "fallback")

    def root(self):
        return self.lab.daemon.pid

    def calm(self):
        until(lambda: self.lab.beredctl.json("status")["unsorted"] == 0, 900, "beredd to have sorted all")

    def stop(self):
        self.lab.close()
        self._secrets.cleanup()
