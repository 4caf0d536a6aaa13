"""Answers leave through a real Postfix, and Python's reader of mail, which is not ours, finds in them what was said."""

import email
import email.policy
import json
import os
import pty
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import postfix as postfix_support  # noqa: E402
from support.lab import Lab, bin_folder  # noqa: E402
from support.name_server import NameServer  # noqa: E402
from support.ports import free_ports  # noqa: E402
from support.postfix import Postfix  # noqa: E402
from support.smtp_wire import send  # noqa: E402
from support.waiting import until  # noqa: E402

if postfix_support.why_not():
    print(f"SKIPPED: {postfix_support.why_not()}", file=sys.stderr)

QUESTION = ("From: =?utf-8?q?Anna_=C3=96berg?= <anna@primary.example>\r\nTo: support@help.example\r\n"
            "Cc: Bo <bo@primary.example>\r\nSubject: =?utf-8?q?Det_droppar_fr=C3=A5n_kranen?=\r\n"
            "Message-ID: <question-1@primary.example>\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: 8bit\r\n\r\nKranen läcker.\r\n")


@unittest.skipIf(postfix_support.why_not(), postfix_support.why_not())
class Answers(unittest.TestCase):
    def setUp(self):
        smarthost = free_ports(1)[0]
        self.lab = self.enterContext(Lab(node_extra=('', '[smarthost]', 'host = "127.0.0.1"', f"port = {smarthost}",
                                                     'tls = "off"')))
        self.lab.folder.chmod(0o755)
        self.postfix = Postfix(self.lab.folder / "postfix", smarthost, POSTFIX_USERS="anna bo plumber")
        self.addCleanup(self.postfix.remove)
        self.postfix.start()
        self.lab.start()
        self.beredctl("failover", "force", "helpdesk", "fallback")
        self.ticket = self.ask(QUESTION)

    def beredctl(self, *arguments, text=None, status=0):
        done = subprocess.run([bin_folder() / "beredctl", "--socket", self.lab.config.socket, "--json", *map(str, arguments)],
                              input=text, capture_output=True, text=True, timeout=60, check=False,
                              env={**os.environ, "TMPDIR": str(self.lab.folder)})
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stderr if status else done.stdout

    def ask(self, letter):
        send(letter.encode(), "anna@primary.example", ["support@help.example"], self.lab.smtp)
        return until(lambda: self.tickets(), 20, "the ticket")[0]["id"]

    def tickets(self):
        return json.loads(self.beredctl("ticket", "list"))

    def show(self):
        return json.loads(self.beredctl("ticket", "show", self.ticket))

    def arrived(self, user, count=1):
        letters = until(lambda: len(self.postfix.delivered(user)) >= count and self.postfix.delivered(user), 30,
                        f"{count} mails for {user}")
        read = [email.message_from_bytes(letter, policy=email.policy.default) for letter in letters]
        for letter in read:
            self.assertEqual([part.defects for part in letter.walk() if part.defects], [])
        return read

    def test_arrive_well_formed_in_their_thread(self):
        text = "Hej Örjan,\n\nstäng av den: " + "många ord i en rad " * 12 + "slut.\n\n-- \nStödet\n"
        self.beredctl("ticket", "reply", self.ticket, "--language", "sv", "--all", "--yes", text=text)
        letter = self.arrived("anna")[0]
        self.assertEqual(letter["Subject"], "Re: Det droppar från kranen")
        self.assertEqual(letter["To"].addresses[0].display_name, "Anna Öberg")
        self.assertEqual(letter["Cc"].addresses[0].addr_spec, "bo@primary.example")
        self.assertEqual(letter["From"].addresses[0].addr_spec, "support@help.example")
        self.assertEqual(letter["In-Reply-To"], "<question-1@primary.example>")
        self.assertEqual(letter["References"], "<question-1@primary.example>")
        self.assertRegex(letter["Message-ID"], r"^<beredd\.t\d+\.[a-z2-7]{10}\.[0-9a-f.]+@mx2\.help\.example>$")
        self.assertEqual(letter.get_content_type(), "text/plain")
        self.assertEqual(letter["Content-Type"].params["format"], "flowed")
        body = letter.get_content()
        self.assertIn("Hej Örjan,", body)
        self.assertIn("skrev Anna Öberg <anna@primary.example>:", body)
        self.assertIn("> Kranen läcker.", body)
        self.assertLessEqual(max(map(len, body.splitlines())), 78)
        self.assertEqual(len(self.arrived("bo")), 1)
        answer = until(lambda: [m for m in self.show()["messages"] if m["direction"] == "out"
                                and m["delivery"]["state"] == "acknowledged"], 20, "the acknowledgement")[0]
        self.assertEqual(answer["delivery"]["target"], "@smarthost")
        self.assertEqual(self.show()["state"], "pending")

    def test_carry_files_whole(self):
        folder = self.lab.folder
        picture = os.urandom(3_000_000)
        (folder / "bild på läckan.png").write_bytes(picture)
        (folder / "empty.txt").write_bytes(b"")
        self.beredctl("ticket", "reply", self.ticket, "--yes", "--close", "--attach", folder / "bild på läckan.png",
                      "--attach", folder / "empty.txt", text="Se bilden.\n")
        files = list(self.arrived("anna")[0].iter_attachments())
        self.assertEqual([one.get_filename() for one in files], ["bild på läckan.png", "empty.txt"])
        self.assertEqual(files[0].get_content_type(), "image/png")
        self.assertEqual(files[0].get_content(), picture)
        self.assertEqual(self.show()["state"], "solved")

    def test_forward_the_mail_as_it_came(self):
        self.beredctl("ticket", "forward", self.ticket, "--to", "Rör & Co <plumber@primary.example>", "--yes",
                      text="Kan ni komma?\n")
        letter = self.arrived("plumber")[0]
        self.assertEqual(letter["To"].addresses[0].display_name, "Rör & Co")
        inner = [part for part in letter.walk() if part.get_content_type() == "message/rfc822"][0].get_content()
        self.assertEqual(inner["Message-ID"], "<question-1@primary.example>")
        self.assertIn("Kranen läcker.", inner.get_content())

    def test_begin_a_ticket(self):
        self.beredctl("ticket", "new", "--desk", "support", "--to", "Anna <anna@primary.example>", "--subject", "Besöket",
                      "--yes", text="Vi kommer på måndag.\n")
        self.assertEqual(self.arrived("anna")[0]["Subject"], "Besöket")
        self.assertEqual(len(self.tickets()), 2)

    def test_wait_while_the_smarthost_is_away_and_survive_a_restart(self):
        self.postfix.stop()
        self.beredctl("ticket", "reply", self.ticket, "--yes", text="Vänta.\n")
        until(lambda: "refused" in self.beredctl("outgoing", "list"), 20, "the reason")
        self.lab.daemon.stop()
        self.lab.daemon.start().ready()
        self.assertIn("queued", self.beredctl("outgoing", "list"))
        self.postfix.start()
        self.assertEqual(len(self.arrived_within(self.arrived, 90)), 1)

    def arrived_within(self, arrived, seconds):
        until(lambda: self.postfix.delivered("anna"), seconds, "the answer")
        return arrived("anna")

    def test_who_is_refused_is_told_and_can_be_settled(self):
        self.beredctl("ticket", "reply", self.ticket, "--to", "nobody@primary.example", "--yes", text="Hej.\n")
        until(lambda: self.show()["undelivered"], 20, "the refusal")
        self.assertIn("quarantined", self.beredctl("outgoing", "list"))
        self.assertFalse(self.postfix.delivered("anna"))
        self.beredctl("ticket", "settle", self.ticket)
        self.assertFalse(self.show()["undelivered"])

    def test_a_text_is_never_lost(self):
        for wrong in (("--to", "no address"), ("--attach", "/nowhere"), ("--message", "99")):
            said = self.beredctl("ticket", "reply", self.ticket, "--yes", *wrong, text="Värdefullt.\n", status=1)
            path = Path(said.rsplit(" ", 1)[1].strip())
            self.assertIn("Värdefullt.", path.read_text(encoding="utf-8"))
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertIn("--yes", self.beredctl("ticket", "reply", self.ticket, text="Hej.\n", status=1))
        self.assertIn("no text", self.beredctl("ticket", "reply", self.ticket, "--yes", text=" \n", status=1))

    def in_terminal(self, editor, keys):
        """`ticket reply` on a terminal of its own, with `editor` as $EDITOR; what it showed, and its exit status."""
        child, terminal = pty.fork()
        if child == 0:
            os.environ["EDITOR"] = editor
            os.environ.pop("VISUAL", None)
            os.environ["TMPDIR"] = str(self.lab.folder)
            os.execv(bin_folder() / "beredctl", ["beredctl", "--socket", str(self.lab.config.socket), "ticket", "reply",
                                                 str(self.ticket)])
        shown, end = b"", time.monotonic() + 60
        while time.monotonic() < end:
            try:
                shown += os.read(terminal, 4096)
            except OSError:
                break
            if keys and shown.rstrip().endswith(b"[n]o:"):
                os.write(terminal, keys.pop(0))
                shown += b"\n"
        _, status = os.waitpid(child, 0)
        os.close(terminal)
        return shown.decode(), os.waitstatus_to_exitcode(status)

    def test_an_editor_writes_above_the_original_and_a_person_confirms(self):
        editor = "sh -c 'sed -i \"1s/^/Stäng av den./\" \"$0\"'"
        shown, status = self.in_terminal(editor, [b"y\n"])
        self.assertEqual(status, 0, shown)
        self.assertIn("> Kranen läcker.", shown)
        body = self.arrived("anna")[0].get_content()
        self.assertTrue(body.startswith("Stäng av den."), body)
        self.assertEqual(list(self.lab.folder.glob("beredctl-*")), [])

    def test_what_is_not_changed_or_not_confirmed_is_not_sent(self):
        shown, status = self.in_terminal("true", [])
        self.assertEqual(status, 1)
        self.assertIn("cancelled", shown)
        self.assertEqual(list(self.lab.folder.glob("beredctl-*")), [])
        shown, status = self.in_terminal("sh -c 'echo Hej >>\"$0\"'", [b"n\n"])
        self.assertEqual(status, 1)
        self.assertIn("the text is kept in", shown)
        self.assertEqual(len(list(self.lab.folder.glob("beredctl-*"))), 1)
        self.assertEqual(self.beredctl("outgoing", "list").strip(), "[]")


class WithoutASmarthost(unittest.TestCase):
    def test_dns_says_where_mail_goes_and_where_it_cannot(self):
        names = self.enterContext(NameServer())
        names.say("silent.example", "MX", "0 .")
        with Lab(smtp_extra=names.lines()) as lab:
            lab.start()
            beredctl = [bin_folder() / "beredctl", "--socket", lab.config.socket, "--json"]
            for domain in ("silent.example", "nowhere.example"):
                subprocess.run([*beredctl, "ticket", "new", "--desk", "support", "--to", f"anna@{domain}", "--subject", "Hej",
                                "--yes"], input="Text.\n", capture_output=True, text=True, timeout=60, check=True)
            def told():
                done = subprocess.run([*beredctl, "outgoing", "list"], capture_output=True, text=True, timeout=60, check=True)
                return done.stdout if done.stdout.count("quarantined") >= 2 else ""
            shown = until(told, 30, "both refusals")
            self.assertIn("5.1.10 silent.example takes no mail", shown)
            self.assertIn("5.1.2 nowhere.example has neither MX nor address", shown)
            self.assertIn(("silent.example", "MX"), names.asked)


if __name__ == "__main__":
    unittest.main()
