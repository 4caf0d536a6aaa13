"""The reckoning sees every way in which a mail can go wrong; the wire doubles every leading dot."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.reckoning import Sent, reckon  # noqa: E402
from support.smtp_wire import stuffed  # noqa: E402

TO = ("support@help.example",)
OURS = b"Received: from a by mx2.help.example\r\n\twith ESMTP id 1; now\r\n"


def mail(number, thread=None):
    data = b"Received: by its own server\r\nSubject: %d\r\n\r\nHej %d\r\n" % (number, number)
    return Sent(f"mail {number}", data, TO, number, thread)


class Reckoned(unittest.TestCase):
    def test_finds_nothing_wrong_when_all_arrived_below_our_trace_header(self):
        result = reckon([mail(1), mail(2)], [(OURS + mail(1).data, TO), (OURS + mail(2).data, TO)])
        self.assertTrue(result.clean)
        self.assertEqual((result.accepted, result.identical), (2, 2))

    def test_takes_a_recipient_in_other_letters_for_the_same(self):
        self.assertTrue(reckon([mail(1)], [(OURS + mail(1).data, ["Support@Help.Example"])]).clean)

    def test_sees_a_lost_mail(self):
        self.assertEqual(reckon([mail(1), mail(2)], [(OURS + mail(2).data, TO)]).lost, ["mail 1"])

    def test_sees_a_doubled_mail(self):
        self.assertEqual(reckon([mail(1)], [(OURS + mail(1).data, TO)] * 2).doubled, ["mail 1"])

    def test_sees_that_a_mail_sent_twice_arrived_once(self):
        result = reckon([mail(1), mail(1)], [(OURS + mail(1).data, TO)])
        self.assertEqual((result.lost, result.identical), (["mail 1"], 1))

    def test_sees_one_changed_byte(self):
        result = reckon([mail(1)], [(OURS + mail(1).data.replace(b"Hej", b"hej"), TO)])
        self.assertEqual((result.altered, result.lost, result.clean), ([1], ["mail 1"], False))

    def test_sees_a_header_that_is_no_trace_field(self):
        self.assertEqual(reckon([mail(1)], [(b"X-Spam: no\r\n" + mail(1).data, TO)]).altered, [1])

    def test_sees_a_wrong_recipient(self):
        self.assertEqual(reckon([mail(1)], [(OURS + mail(1).data, ["billing@help.example"])]).altered, [1])

    def test_sees_two_mails_of_a_thread_that_changed_places(self):
        swapped = [(mail(2).data, TO), (mail(1).data, TO)]
        result = reckon([mail(1, "vpn"), mail(2, "vpn")], swapped)
        self.assertEqual(result.out_of_order, [("mail 1", "mail 2")])
        self.assertTrue(reckon([mail(1, "vpn"), mail(2, "other")], swapped).clean)

    def test_lets_a_mail_keep_the_received_headers_that_it_came_with(self):
        self.assertTrue(reckon([mail(1)], [(mail(1).data, TO)]).clean)


class Stuffing(unittest.TestCase):
    def test_doubles_dots_at_the_start_of_lines_only(self):
        self.assertEqual(stuffed(b".a\r\n.\r\nb.\r\n"), b"..a\r\n..\r\nb.\r\n.\r\n")

    def test_leaves_a_dot_behind_a_bare_cr_alone(self):
        self.assertEqual(stuffed(b"a\r.b\r\n"), b"a\r.b\r\n.\r\n")

    def test_ends_a_last_line_that_has_no_end(self):
        self.assertEqual(stuffed(b"a"), b"a\r\n.\r\n")


if __name__ == "__main__":
    unittest.main()
