"""The demo tells the truth: any mail that went wrong is on its last page and in its exit status."""

import importlib.util
import io
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.page import Page  # noqa: E402
from support.reckoning import Reckoning, Sent  # noqa: E402

_spec = importlib.util.spec_from_file_location("demo", ROOT / "scripts" / "demo.py")
demo = importlib.util.module_from_spec(_spec)
sys.modules["demo"] = demo  # dataclasses look their module up
_spec.loader.exec_module(demo)


def good():
    tally = demo.Tally(accepted=[Sent("a", b"a\r\n", ("x@help.example",), 0)], ticketed=1, tickets=1, relayed=1)
    return tally, Reckoning(accepted=1, identical=1)


class LastPage(unittest.TestCase):
    def test_is_a_success_when_all_arrived(self):
        self.assertTrue(demo.succeeded(*good()))

    def test_is_a_failure_for_every_way_to_go_wrong(self):
        for what in ("lost", "doubled", "altered", "out_of_order"):
            tally, result = good()
            getattr(result, what).append("a")
            self.assertFalse(demo.succeeded(tally, result), what)

    def test_is_a_failure_when_a_mail_was_refused(self):
        tally, result = good()
        tally.refused.append(("b", "452 4.3.1 no room"))
        self.assertFalse(demo.succeeded(tally, result))

    def test_is_a_failure_when_a_mail_is_in_no_ticket(self):
        tally, result = good()
        tally.ticketed = 0
        self.assertFalse(demo.succeeded(tally, result))

    def test_marks_the_row_that_is_wrong(self):
        tally, result = good()
        result.doubled.append("a")
        paper = io.StringIO()
        Page(paper).table(demo.table(tally, result))
        rows = [line for line in paper.getvalue().splitlines() if "✗" in line]
        self.assertEqual([row.split()[0] for row in rows], ["doubled"])


class OnPaper(unittest.TestCase):
    def test_has_no_colour_and_no_moving_line(self):
        paper = io.StringIO()
        page = Page(paper)
        page.step("A step")
        for number in range(1, 4):
            page.progress(number, 3, "a subject")
        self.assertNotRegex(paper.getvalue(), r"[\033\r]")
        self.assertEqual(paper.getvalue().count("3/3"), 1)

    def test_cuts_what_a_program_prints_and_says_how_much(self):
        paper = io.StringIO()
        Page(paper).quote("one\ntwo\nthree\n", 1)
        self.assertIn("2 more lines", paper.getvalue())
        self.assertNotIn("two", paper.getvalue())


class WithoutPrograms(unittest.TestCase):
    def test_says_what_to_do(self):
        with tempfile.TemporaryDirectory() as empty:
            done = subprocess.run([sys.executable, ROOT / "scripts" / "demo.py", "--bin", empty],
                                  capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("./dev build", done.stderr)


if __name__ == "__main__":
    unittest.main()
