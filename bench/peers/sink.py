"""smtp-sink, which throws mail away: the ceiling of the generator, no peer."""

import os
import subprocess

from support.programs import greets
from support.waiting import until

from peers.server import Server


class Sink(Server):
    name = "smtp-sink"
    no_tls = "it has no TLS"

    def start(self):
        as_root = ["-u", "nobody"] if os.geteuid() == 0 else []
        self._process = subprocess.Popen(["smtp-sink", *as_root, f"127.0.0.1:{self.port}", "1024"])
        until(lambda: greets(self.port), 10, "smtp-sink to answer")

    def root(self):
        return self._process.pid

    def stop(self):
        self._process.terminate()
        self._process.wait(10)
