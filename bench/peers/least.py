"""The least that a durable server can do (bench/least.cc): what the machine can carry, no peer."""

import subprocess

from support.programs import greets
from support.waiting import until

from peers.server import Server


class Least(Server):
    name = "least"
    no_tls = "it has no TLS"
    largest = 4096  # octets: all of a message lies in its one buffer

    def __init__(self, folder, port, programs):
        super().__init__(folder, port)
        self._program = f"{programs}/least"

    def start(self):
        self._process = subprocess.Popen([self._program, str(self.port), str(self.folder / "log")])
        until(lambda: greets(self.port), 10, "least to answer")

    def root(self):
        return self._process.pid

    def stop(self):
        self._process.terminate()
        self._process.wait(10)
