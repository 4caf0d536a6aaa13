"""Postfix, holding: every mail goes to the hold queue, where it stays."""

import subprocess

from support import postfix
from support.programs import greets
from support.waiting import until

from peers.server import Server

_HOLDING = ("smtpd_client_restrictions=check_client_access static:HOLD", "default_process_limit=300",
            "in_flow_delay=0", "smtpd_client_connection_count_limit=0", "message_size_limit=52428800",
            "smtpd_tls_security_level=may")


class Postfix(Server):
    name = "postfix"
    recipient = "support@primary.example"

    def why_not(self):
        return postfix.why_not()

    def start(self):
        self._server = postfix.Postfix(self.folder, self.port).start()
        subprocess.run(["postconf", "-c", self.folder / "etc", "-e", *_HOLDING], check=True)
        # Processes that were started with the old settings are told to go.
        subprocess.run(["postfix", "-c", self.folder / "etc", "reload"], check=True, capture_output=True)
        until(lambda: greets(self.port), 20, "Postfix to answer")

    def root(self):
        return int((self.folder / "queue" / "pid" / "master.pid").read_text())

    def stop(self):
        self._server.remove()
