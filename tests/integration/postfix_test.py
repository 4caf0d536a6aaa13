"""A real Postfix as the primary, as the server that sends to us, and in front of us by LMTP."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import corpus  # noqa: E402
from support.lab import Lab  # noqa: E402
from support.ports import free_ports  # noqa: E402
from support.postfix import Postfix, why_not  # noqa: E402
from support.reckoning import Sent, reckon, without_trace  # noqa: E402
from support.smtp_wire import send  # noqa: E402
from support.waiting import until  # noqa: E402

USERS = ("support", "billing")

if why_not():
    print(f"SKIPPED: {why_not()}", file=sys.stderr)


@unittest.skipIf(why_not(), why_not())
class PostfixTest(unittest.TestCase):
    def postfix(self, port, **environment):
        folder = Path(tempfile.mkdtemp(prefix="beredd-postfix-"))
        folder.chmod(0o755)  # its own accounts must come through
        settings = {"POSTFIX_DOMAIN": "help.example", "POSTFIX_USERS": " ".join(USERS), **environment}
        server = Postfix(folder, port, **settings)
        self.addCleanup(server.remove)
        return server.start()

    def kept(self, server):
        return [(data, (f"{user}@help.example",)) for user in USERS for data in server.delivered(user)]

    def send_all(self, mails, port, accepted):
        for sample in mails:
            reply = send(sample.data, sample.sender, sample.recipients, port)
            self.assertEqual(reply.code, 250, f"{sample.file}: {reply}")
            accepted.append(Sent(sample.file, sample.data, sample.recipients, len(accepted)))

    def is_clean(self, accepted, server):
        result = reckon(accepted, self.kept(server))
        self.assertTrue(result.clean, result)


class AsPrimary(PostfixTest):
    def setUp(self):
        self.lab = self.enterContext(Lab(sandbox=False))
        self.server = self.postfix(self.lab.primary)
        self.lab.start()
        self.accepted = []

    def all_arrived(self):
        until(lambda: self.server.count(*USERS) >= len(self.accepted) and self.lab.beredctl.at_rest(), 90,
              "every mail in the Maildirs", every=0.1)

    def test_has_the_corpus_in_its_maildirs_unchanged(self):
        self.send_all(corpus.load(), self.lab.smtp, self.accepted)
        self.all_arrived()
        self.is_clean(self.accepted, self.server)

    def test_gets_back_what_came_while_it_was_stopped(self):
        self.outage(self.server.stop)

    def test_gets_back_what_came_while_it_lay_crashed(self):
        self.outage(self.server.crash)

    def outage(self, end):
        self.send_all(corpus.load()[:20], self.lab.smtp, self.accepted)
        self.all_arrived()
        end()
        until(lambda: self.lab.beredctl.mode() == "fallback", 30, "the outage to be noticed")
        self.send_all(corpus.load()[20:40], self.lab.smtp, self.accepted)
        until(lambda: self.lab.beredctl.waiting() == 20, 30, "twenty mails to be held")
        self.server.start()
        self.send_all(corpus.load()[40:], self.lab.smtp, self.accepted)
        self.all_arrived()
        self.is_clean(self.accepted, self.server)


class AsSender(PostfixTest):
    def test_hands_its_mail_to_beredd_and_beredd_to_the_primary(self):
        lab = self.enterContext(Lab().start())
        port, = free_ports(1)
        self.postfix(port, POSTFIX_DOMAIN="sender.example", POSTFIX_RELAYHOST=f"[127.0.0.1]:{lab.smtp}")
        accepted = []
        self.send_all(corpus.load(), port, accepted)
        until(lambda: lab.sandbox.count() >= len(accepted) and lab.beredctl.at_rest(), 90, "all mail at the primary")
        result = reckon(accepted, [(data, envelope["to"]) for data, envelope in lab.sandbox.kept()])
        self.assertTrue(result.clean, result)


class ByLmtp(PostfixTest):
    """A Postfix in front takes mail for our domain and hands it on to us over LMTP."""

    def setUp(self):
        self.lmtp, self.port = free_ports(2)
        self.lab = self.enterContext(Lab(lmtp=self.lmtp).start())
        self.front = self.postfix(self.port, POSTFIX_LMTP=f"inet:127.0.0.1:{self.lmtp}")
        self.accepted = []

    def primary_has_all(self):
        until(lambda: self.lab.sandbox.count() >= len(self.accepted) and self.lab.beredctl.at_rest(), 90,
              "all mail at the primary")
        kept = self.lab.sandbox.kept()
        result = reckon(self.accepted, [(data, envelope["to"]) for data, envelope in kept])
        self.assertTrue(result.clean, result)
        for data, _ in kept:
            self.assertIn(b"with LMTP", data.split(b"\r\n\r\n")[0])

    def test_hands_the_corpus_on_unchanged(self):
        self.send_all(corpus.load(), self.port, self.accepted)
        self.primary_has_all()

    def test_keeps_in_its_queue_what_we_are_not_there_to_take(self):
        self.lab.daemon.stop()
        self.send_all(corpus.load()[:10], self.port, self.accepted)
        self.assertEqual(self.lab.sandbox.count(), 0)
        self.lab.daemon.start().ready()
        self.primary_has_all()


@unittest.skipUnless(shutil.which("smtp-source"), "smtp-source is not installed")
class UnderLoad(PostfixTest):
    def test_takes_five_hundred_mails_from_twenty_sessions_and_loses_none(self):
        lab = self.enterContext(Lab(sandbox=False))
        server = self.postfix(lab.primary)
        lab.start()
        subprocess.run(["smtp-source", "-d", "-s", "20", "-l", "4096", "-m", "500", "-f", "anna@kund.example",
                        "-t", "support@help.example", f"inet:127.0.0.1:{lab.smtp}"], check=True, timeout=120)
        until(lambda: server.count(*USERS) >= 500 and lab.beredctl.at_rest(), 120, "500 mails in the Maildir",
              every=0.1)
        # The last that is left below all trace fields is the mail as smtp-source wrote it.
        bodies = [hashlib.sha256(list(without_trace(data))[-1]).hexdigest() for data, _ in self.kept(server)]
        exported = [message["sha256"] for message in lab.beredctl.export()]
        self.assertEqual(sorted(bodies), sorted(exported))
        self.assertEqual(len(exported), 500)


if __name__ == "__main__":
    if why_not():
        sys.exit(77)  # what ctest takes for "skipped"
    unittest.main()
