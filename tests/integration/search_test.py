"""Words find their tickets through beredctl, whatever happens to the index, and the index tells nothing.

The store, the mail and the daemon are real; the index is deleted, damaged, and torn from a daemon that is killed.
"""

import shutil
import sys
import unittest
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.lab import Lab  # noqa: E402
from support.smtp_wire import Client, send  # noqa: E402
from support.waiting import until  # noqa: E402

DESK, BILLING = "support@help.example", "billing@help.example"
# Words that occur nowhere but in the mails: what the index must not show.
SECRETS = ("xylofonfaktura", "hemlighet", "zaphod.beeblebrox", "kund.example", "kvittot_2026",
           "räksmörgås", "help.example", "support")


def letter(subject, text, sender="Zaphod Beeblebrox <zaphod.beeblebrox@kund.example>", to=DESK, attachment=None):
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = f"<{abs(hash((subject, text, sender)))}@kund.example>"
    mail.set_content(text, charset="utf-8")
    if attachment:
        mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename=attachment)
    return mail.as_bytes()


class Search(unittest.TestCase):
    def setUp(self):
        self.lab = self.enterContext(Lab().start())
        self.index = self.lab.state / "search"

    def take(self, *mails, to=DESK):
        for mail in mails:
            sender = parseaddr(message_from_bytes(mail)["From"])[1]
            reply = send(mail, sender, [to], self.lab.smtp)
            self.assertEqual(reply.code, 250, reply)

    def caught_up(self, seconds=60):
        until(lambda: self.status("unsorted") == 0 and self.status("unindexed") == 0, seconds,
              "everything in the search")

    def status(self, what):
        return self.lab.beredctl.json("status")[what]

    def find(self, text, *more):
        """The subjects, newest first."""
        return [row["subject"] for row in self.lab.beredctl.json("ticket", "list", "--search", text, *more)]

    def restart(self):
        self.lab.daemon.start().ready()

    def three_letters(self):
        self.take(letter("Xylofonfaktura", "Min hemlighet: en räksmörgås.", attachment="kvittot_2026.pdf"))
        self.take(letter("Two printers", "The printer on floor two burns.", "Marvin <marvin@kund.example>"))
        self.take(letter("Late invoice", "Where is the invoice?", "Trillian <t@kund.example>", BILLING), to=BILLING)
        self.caught_up()

    def test_finds_words_people_files_and_phrases(self):
        self.three_letters()
        for text, found in (("printers", ["Two printers"]),
                            ("fakturor xylofonfakturor", []),
                            ("xylofonfakturor", ["Xylofonfaktura"]),
                            ("raksmorgas", ["Xylofonfaktura"]),
                            ("zaphod.beeblebrox@kund.example", ["Xylofonfaktura"]),
                            ("kund.example", ["Late invoice", "Two printers", "Xylofonfaktura"]),
                            ("from:marvin", ["Two printers"]),
                            ("subject:invoices", ["Late invoice"]),
                            ("subject:where", []),
                            ("file:pdf", ["Xylofonfaktura"]),
                            ('"floor two"', ["Two printers"]),
                            ('"two floor"', []),
                            ("räksmörgås printer", [])):
            self.assertEqual(self.find(text), found, text)
        self.assertEqual(self.find("kund.example", "--limit", "1"), ["Late invoice"])
        self.assertEqual(self.find("kund.example", "--desk", "billing"), ["Late invoice"])
        self.assertEqual(self.find("kund.example", "--state", "closed"), [])

    def test_says_what_is_wrong_with_a_query(self):
        for text, words in (('"open', "never closed"), ("to:marvin", "only from:, subject: and file:"),
                            ("...", "no letter or digit")):
            done = self.lab.beredctl.run("ticket", "list", "--search", text)
            self.assertEqual(done.returncode, 1, text)
            self.assertIn(words, done.stderr.decode())

    def test_the_index_shows_no_word_and_no_address(self):
        self.three_letters()
        seen = b"".join(file.read_bytes() for file in self.index.rglob("*") if file.is_file()).lower()
        self.assertGreater(len(seen), 1000)
        for word in SECRETS:
            self.assertNotIn(word.encode(), seen)
        for file in [self.index, *self.index.rglob("*")]:
            if file == self.index:
                self.assertEqual(file.stat().st_mode & 0o077, 0)

    def test_a_deleted_index_is_made_anew(self):
        self.three_letters()
        self.lab.daemon.stop()
        shutil.rmtree(self.index)
        self.restart()
        self.caught_up()
        self.assertEqual(self.find("printers"), ["Two printers"])

    def test_a_damaged_index_is_made_anew(self):
        self.three_letters()
        self.lab.daemon.stop()
        for file in (self.index / "terms").glob("*"):
            file.write_bytes(b"\x55" * file.stat().st_size)
        self.restart()
        self.caught_up()
        self.assertEqual(self.find("printers"), ["Two printers"])
        self.assertIn("the index is made anew", self.lab.daemon.said())

    def test_a_store_put_back_to_an_older_state_has_its_index_made_anew(self):
        self.take(letter("The first", "common"))
        self.caught_up()
        self.lab.daemon.stop()
        older = self.lab.folder / "older"
        shutil.copytree(self.lab.state, older, ignore=shutil.ignore_patterns("search", "control.sock"))
        self.restart()
        self.take(letter("Lost", "vanished"))
        self.caught_up()
        self.lab.daemon.stop()
        for entry in self.lab.state.iterdir():
            if entry.name != "search":
                entry.unlink()
        shutil.copytree(older, self.lab.state, dirs_exist_ok=True)
        self.restart()
        self.take(letter("Another", "present"))
        self.caught_up()
        self.assertEqual(self.find("vanished"), [])
        self.assertEqual(self.find("present"), ["Another"])
        self.assertEqual(self.find("common"), ["The first"])

    def test_killed_in_the_middle_it_goes_on_and_finds_all(self):
        sent = 0
        for _ in range(4):
            with Client(self.lab.smtp) as client:
                for _ in range(40):
                    client.deliver(letter(f"Number w{sent}x", f"common and q{sent}y"),
                                   "zaphod.beeblebrox@kund.example", [DESK])
                    sent += 1
            self.lab.daemon.kill9()
            self.restart()
        self.caught_up()
        self.assertEqual(len(self.find("common", "--limit", "1000")), sent)
        for n in (0, sent // 2, sent - 1):
            self.assertEqual(self.find(f"q{n}y"), [f"Number w{n}x"])


class WithoutIndex(unittest.TestCase):
    def test_subject_and_requester_are_looked_through(self):
        with Lab(node_extra=("[search]", "enabled = false")).start() as lab:
            send(letter("Two printers", "burns"), "zaphod.beeblebrox@kund.example", [DESK], lab.smtp)
            until(lambda: lab.beredctl.json("ticket", "list"), 20, "the ticket")
            self.assertEqual(len(lab.beredctl.json("ticket", "list", "--search", "PRINTERS")), 1)
            self.assertEqual(lab.beredctl.json("ticket", "list", "--search", "burns"), [])
            self.assertFalse((lab.state / "search").exists())


if __name__ == "__main__":
    unittest.main()
