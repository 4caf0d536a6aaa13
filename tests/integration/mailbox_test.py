"""A real Dovecot as the primary: by IMAP, by LMTP, and behind a real Postfix; looked up by IMAP each time."""

import imaplib
import json
import random
import re
import sys
import tempfile
import time
import unittest
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import corpus, dovecot  # noqa: E402
from support.dovecot import Dovecot  # noqa: E402
from support.lab import Lab  # noqa: E402
from support.ports import free_ports, ports_in_a_row  # noqa: E402
from support.postfix import Postfix, why_not as why_no_postfix  # noqa: E402
from support.reckoning import Sent, reckon  # noqa: E402
from support.smtp_wire import send  # noqa: E402
from support.waiting import until  # noqa: E402

why_not = dovecot.why_not()
if why_not:
    print(f"SKIPPED: {why_not}", file=sys.stderr)

_CHECK = """\
[[primary.check]]
kind = "{kind}"
host = "127.0.0.1"
port = {port}
every = "300ms"
timeout = "2s"

"""


@dataclass
class Letter:
    file: str
    data: bytes
    sender: str
    recipients: tuple


def letters(count):
    """For the one address that the mail server knows."""
    mails = []
    for number in range(count):
        sender = f"kund{number}@kund.example"
        data = (f"From: Kund <{sender}>\r\nTo: {dovecot.USER}\r\nSubject: ärende {number}\r\n"
                f"Message-ID: <{number}@kund.example>\r\n\r\n.Hej {number}\r\n").encode()
        mails.append(Letter(f"letter {number}", data, sender, (dovecot.USER,)))
    return mails


class MailboxTest(unittest.TestCase):
    def setUp(self):
        self.server = Dovecot(ports_in_a_row(3))
        self.addCleanup(self.server.remove)
        self.server.start()
        self.password = Path(tempfile.mkdtemp(prefix="beredd-secret-")) / "password"
        self.password.write_text(dovecot.PASSWORD + "\n")
        self.password.chmod(0o600)
        self.accepted = []

    def login(self, port, authority=None):
        tls = "required" if port == self.server.imap else "implicit"
        return (f'host = "127.0.0.1", port = {port}, tls = "{tls}", ca_file = "{authority or self.server.authority}", '
                f'user = "{dovecot.USER}", password_file = "{self.password}"')

    def run_lab(self, **settings):
        self.lab = self.enterContext(Lab(sandbox=False, **settings))
        self.lab.start()

    def send(self, mails):
        for sample in mails:
            reply = send(sample.data, sample.sender, sample.recipients, self.lab.smtp)
            self.assertEqual(reply.code, 250, f"{sample.file}: {reply}")
            self.accepted.append(Sent(sample.file, sample.data, sample.recipients, len(self.accepted)))

    def counts(self):
        return self.lab.beredctl.json("handback", "status")[0]

    def all_proven(self):
        until(lambda: self.lab.beredctl.at_rest() and self.counts()["proven"] == len(self.accepted), 120,
              "every mail to be found in the mailbox", every=0.2)

    def holds_everything_once(self, mails):
        # A mailbox does not tell which of the addresses a copy was for.
        due = list(self.accepted)
        kept = []
        for data, _ in mails:
            sent = next((sent for sent in due if data.endswith(sent.data)), None)
            kept.append((data, sent.recipients if sent else ()))
            if sent:
                due.remove(sent)
        result = reckon(self.accepted, kept)
        self.assertTrue(result.clean, result)

    def outage(self, end, begin, mails):
        self.send(mails[:10])
        self.all_proven()
        end()
        until(lambda: self.lab.beredctl.mode() == "fallback", 30, "the outage to be noticed")
        self.send(mails[10:30])
        until(lambda: self.lab.beredctl.waiting() == 20, 30, "twenty mails to be held")
        begin()
        self.send(mails[30:])
        self.all_proven()


@unittest.skipIf(why_not, why_not)
class ByImap(MailboxTest):
    def start_lab(self, authority=None, port=None, **settings):
        target = f'kind = "imap", {self.login(port or self.server.imaps, authority)}'
        self.run_lab(target=target + settings.pop("extra", ""),
                     checks=_CHECK.format(kind="imap", port=self.server.imap), **settings)

    def test_puts_the_corpus_into_the_mailbox_with_its_dates_and_unread(self):
        self.start_lab()
        before = time.time()
        self.send(corpus.load())
        self.all_proven()
        mails = self.server.mails()
        self.holds_everything_once(mails)
        for data, facts in mails:
            date = time.mktime(imaplib.Internaldate2tuple(facts.encode()))
            self.assertLess(abs(date - before), 120, facts)
            self.assertNotIn("Seen", facts)
            self.assertTrue(data.startswith(b"Return-Path: <"), data[:200])
        shown = self.lab.beredctl.json("ticket", "show", "1")["messages"][0]["delivery"]
        self.assertRegex(shown["receipt"], r"UID \d+ of INBOX, UIDVALIDITY \d+")
        self.assertRegex(shown["proof"], r"in INBOX, UIDVALIDITY \d+, UID \d+ byte for byte")

    def test_gets_back_what_came_while_it_was_stopped(self):
        self.start_lab(port=self.server.imap)  # STARTTLS
        self.outage(self.server.stop, self.server.start, corpus.load()[:40])
        self.holds_everything_once(self.server.mails())

    def test_gets_everything_once_however_often_either_side_is_killed(self):
        seed = random.SystemRandom().randrange(10**6)
        print(f"seed={seed}", file=sys.stderr)
        dice = random.Random(seed)
        self.start_lab(daily_budget=1000, min_dwell="0s", retry=("100ms", "200ms"))
        mails = corpus.load()
        for at in range(0, len(mails), 10):
            self.server.crash()
            until(lambda: self.lab.beredctl.mode() == "fallback", 30, "the outage to be noticed")
            self.send(mails[at:at + 10])
            self.server.start()
            goal = at + dice.randint(1, min(9, len(mails) - at))
            until(lambda: self.server.count() >= goal, 60, "the hand-back to be under way", every=0.001)
            if dice.random() < 0.5:
                self.lab.daemon.kill9()
                self.lab.daemon.start().ready()
            else:
                self.server.crash()
                self.server.start()
            self.all_proven()
        self.holds_everything_once(self.server.mails())

    def test_is_read_back_and_what_somebody_did_there_is_found_out(self):
        self.start_lab()
        self.send(corpus.load()[:12])
        self.all_proven()
        done = self.lab.beredctl.run("handback", "reconcile")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("12 messages looked up there: 0 missing, 0 doubled, 0 altered: clean", done.stdout.decode())
        with self.server.client() as client:
            client.select("INBOX")
            gone, *mails = [client.fetch(str(number), "(BODY.PEEK[])")[1][0][1] for number in (1, 2, 3)]
            # An id that begins like that of the one that is gone is another's.
            identity = re.search(rb"\bid\s+(\w+\.\d+)", gone)[1]
            client.append("INBOX", None, None, gone.replace(identity, identity + b"7"))
            client.store("1", "+FLAGS", "\\Deleted")
            client.store("3", "+FLAGS", "\\Deleted")
            client.append("INBOX", None, None, mails[0])
            client.append("INBOX", None, None, mails[1] + b"one line more\r\n")
            client.expunge()
        done = self.lab.beredctl.run("--json", "handback", "reconcile", "helpdesk", "--since", "1h")
        self.assertEqual(done.returncode, 1)
        seen = json.loads(done.stdout)[0]
        self.assertEqual({one["kind"] for one in seen["discrepancies"]}, {"missing", "doubled", "altered"}, seen)
        self.assertEqual((seen["looked_up"], seen["missing"], seen["doubled"], seen["altered"], seen["clean"]),
                         (12, 1, 1, 1, False))

    def test_gives_each_desk_its_mailbox_and_makes_it(self):
        self.start_lab(extra=', mailbox = "Ärenden/{desk}"')
        self.send(corpus.load()[:40])
        self.all_proven()
        self.assertIn("&AMQ-renden/support", self.server.mailboxes())
        mails = [mail for desk in ("support", "billing") for mail in self.server.mails(f"&AMQ-renden/{desk}")]
        self.assertEqual(len(mails), len(self.accepted))

    def test_waits_for_a_mailbox_that_is_full_or_broken(self):
        self.start_lab(retry=("200ms",))
        mails = iter(corpus.load())
        for fault in ("full", "tempauth", "badpass"):
            self.server.fault(fault)
            if fault != "full":
                self.server.crash()  # an open session has its login behind it
                self.server.start()
            self.send([next(mails), next(mails)])
            until(lambda: self.lab.beredctl.waiting() >= 1, 30, f"a mail to wait while the mailbox is {fault}")
            self.server.fault("none")
            self.all_proven()
        self.assertEqual(self.counts()["quarantined"], 0)
        self.holds_everything_once(self.server.mails())

    def test_gives_nothing_to_a_server_with_the_wrong_certificate(self):
        self.start_lab(authority=self.server.other_authority)
        self.send(corpus.load()[:1])
        until(lambda: "does not hold" in self.lab.daemon.said(), 30, "a word about the certificate")
        self.assertEqual(self.server.count(), 0)
        self.assertEqual(self.lab.beredctl.waiting(), 1)


@unittest.skipIf(why_not, why_not)
class ByLmtp(MailboxTest):
    def start_lab(self):
        look_up = f'look_up = {{ {self.login(self.server.imaps)}, patience = "5s" }}'
        self.run_lab(target=f'kind = "lmtp", host = "127.0.0.1", port = {self.server.lmtp}, tls = "off"',
                     primary_extra=(look_up,), checks=_CHECK.format(kind="imap", port=self.server.imap),
                     desks={"support": dovecot.USER})

    def test_is_given_an_outage_by_lmtp_and_shows_it_by_imap(self):
        self.start_lab()
        self.outage(self.server.crash, self.server.start, letters(40))
        self.holds_everything_once(self.server.mails())


@unittest.skipIf(why_not or why_no_postfix(), why_not or why_no_postfix())
class BehindPostfix(MailboxTest):
    def test_is_given_an_outage_by_smtp_and_shows_it_by_imap(self):
        port, = free_ports(1)
        folder = Path(tempfile.mkdtemp(prefix="beredd-postfix-"))
        folder.chmod(0o755)
        front = Postfix(folder, port, POSTFIX_DOMAIN="primary.example", POSTFIX_USERS="support",
                        POSTFIX_LMTP=f"inet:127.0.0.1:{self.server.lmtp}")
        self.addCleanup(front.remove)
        front.start()
        look_up = f'look_up = {{ {self.login(self.server.imap)}, patience = "20s" }}'
        self.run_lab(target=f'kind = "smtp", host = "127.0.0.1", port = {port}, tls = "off"',
                     primary_extra=(look_up,), checks=_CHECK.format(kind="smtp", port=port),
                     desks={"support": dovecot.USER})
        self.outage(front.crash, front.start, letters(40))
        self.holds_everything_once(self.server.mails())


if __name__ == "__main__":
    unittest.main()
