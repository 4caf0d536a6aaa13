"""Mail that ends whoever reads it: beredd with a reader that has a hole, and mails that use it.

`beredd_hostile` is beredd but for one thing: a mail with a line "X-Do: crash" crashes its reader, as a mail might
that had found a hole in a parser. No package has it.
"""

import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.lab import Lab, bin_folder  # noqa: E402
from support.programs import Daemon  # noqa: E402
from support.reckoning import Sent, reckon  # noqa: E402
from support.smtp_wire import send  # noqa: E402
from support.waiting import until  # noqa: E402

TO = ("support@help.example",)


def mail(number, deed=None):
    told = f"X-Do: {deed}\r\n" if deed else ""
    return (f"From: kund{number}@kund.example\r\nTo: support@help.example\r\nSubject: mail {number}\r\n"
            f"Message-ID: <{number}@kund.example>\r\n{told}\r\nHej {number}\r\n").encode()


def workers_of(pid):
    """The daemon's processes that read mail."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


def runs(pid):
    """Also false for one that nobody has waited for yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Poison(unittest.TestCase):
    def setUp(self):
        self.lab = self.enterContext(Lab(every="100ms", min_dwell="0s", retry=("100ms", "200ms")))
        self.lab.daemon = Daemon(bin_folder().resolve(), self.lab.config_file, self.lab.folder / "beredd.log",
                                 "beredd_hostile")
        self.lab.start()
        self.sent = []

    def send(self, number, deed=None):
        data = mail(number, deed)
        reply = send(data, f"kund{number}@kund.example", TO, self.lab.smtp)
        self.assertEqual(reply.code, 250, reply)
        self.sent.append(Sent(f"mail {number}", data, TO, len(self.sent)))

    def until_all_is_handed_back(self, seconds=120):
        until(lambda: self.lab.daemon.must_run() and self.lab.sandbox.count() >= len(self.sent), seconds,
              f"{len(self.sent)} mails at the primary")
        until(self.lab.beredctl.at_rest, 30, "nothing to be under way")

    def defects(self):
        """By subject, or by number where nothing could be read of a mail."""
        return [row.get("defects", []) for row in
                (self.lab.beredctl.json("message", "show", number) for number in range(1, len(self.sent) + 1))]

    def expect_all_as_sent(self):
        kept = [(data, envelope["to"]) for data, envelope in self.lab.sandbox.kept()]
        result = reckon(self.sent, kept)
        self.assertTrue(result.clean, result)
        self.assertEqual(result.identical, len(self.sent))

    def test_mails_that_harm_their_reader_are_tickets_and_are_handed_back(self):
        deeds = [None, "crash", None, "open", "socket", "exec", None, "lie", "crash in company", "compute", None]
        for number, deed in enumerate(deeds, 1):
            self.send(number, deed)
        self.until_all_is_handed_back()
        self.expect_all_as_sent()
        opaque = {number for number, defects in enumerate(self.defects(), 1)
                  if any(text.startswith("its reader ") for text in defects)}
        harmful = {number for number, deed in enumerate(deeds, 1) if deed and deed != "crash in company"}
        self.assertEqual(opaque, harmful)
        self.assertEqual(len(self.lab.beredctl.json("ticket", "list")), len(deeds))
        raw = self.lab.beredctl.run("message", "raw", 2)
        self.assertEqual(raw.stdout, mail(2, "crash"))
        self.assertRegex(self.lab.daemon.said(), r"message 2 is kept unread: its reader crashed twice")
        self.assertRegex(self.lab.daemon.said(), r"message 5 is kept unread: its reader called what reading does not need")

    def test_a_restart_does_not_loop_on_a_mail_that_is_being_read(self):
        self.send(1, "compute")
        self.send(2)
        for _ in range(2):
            until(lambda: workers_of(self.lab.daemon.pid) and self.busy(), 30, "the mail to be read")
            self.lab.daemon.kill9()
            self.lab.daemon.start().ready()
        self.until_all_is_handed_back()
        self.expect_all_as_sent()
        read = self.defects()
        self.assertTrue(any(re.match("its reader computed|reading it ended the process", text) for text in read[0]), read)
        self.assertEqual(read[1], [])

    def busy(self):
        """Whether a worker computes: it has used more than half a second."""
        for worker in workers_of(self.lab.daemon.pid):
            fields = Path(f"/proc/{worker}/stat").read_text().rsplit(")", 1)[1].split()
            if int(fields[11]) > 50:
                return True
        return False

    def test_no_worker_outlives_the_daemon(self):
        self.send(1, "compute")
        workers = until(lambda: self.busy() and workers_of(self.lab.daemon.pid), 30, "the mail to be read")
        self.lab.daemon.kill9()
        until(lambda: not any(map(runs, workers)), 10, "the worker to go")
        self.lab.daemon.start().ready()
        self.until_all_is_handed_back()

    def test_a_stop_does_not_wait_for_a_mail_that_is_being_read(self):
        self.send(1, "sleep")
        until(lambda: self.lab.beredctl.json("status")["unsorted"] == 1, 30, "the mail to be taken")
        self.assertEqual(self.lab.daemon.stop(10), 0)
        self.assertNotIn("kept unread", self.lab.daemon.said())


if __name__ == "__main__":
    unittest.main()
