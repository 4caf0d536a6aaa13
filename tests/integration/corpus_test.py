"""The corpus holds together: every file listed, every line end CRLF, every thread tied by its references."""

import collections
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import corpus  # noqa: E402


class Corpus(unittest.TestCase):
    def setUp(self):
        self.mails = corpus.load()
        self.by_thread = collections.defaultdict(list)
        for mail in self.mails:
            if mail.thread:
                self.by_thread[mail.thread].append(mail)

    def test_lists_every_file_once_and_in_the_order_of_its_number(self):
        on_disk = sorted(path.name for path in corpus.FOLDER.glob("*.eml"))
        self.assertEqual([mail.file for mail in self.mails], on_disk)
        self.assertGreaterEqual(len(self.mails), 64)

    def test_has_no_line_end_but_crlf(self):
        for mail in self.mails:
            rest = mail.data.replace(b"\r\n", b"")
            self.assertNotIn(b"\r", rest, mail.file)
            self.assertNotIn(b"\n", rest, mail.file)
            self.assertTrue(mail.data.endswith(b"\r\n"), mail.file)

    def test_keeps_within_the_998_octets_of_a_line(self):
        longest = {mail.file: max(map(len, mail.data.split(b"\r\n"))) for mail in self.mails}
        self.assertEqual(max(longest.values()), 998)
        self.assertEqual([file for file, length in longest.items() if length == 998], ["42-long-lines-998-sv.eml"])

    def test_goes_to_the_desk_that_the_manifest_names(self):
        for mail in self.mails:
            self.assertEqual([address.lower() for address in mail.recipients], [f"{mail.desk}@help.example"])

    def test_uses_example_domains_only(self):
        for mail in self.mails:
            self.assertTrue(mail.sender == "" or mail.sender.endswith(".example"), mail.file)
            for name in ("From", "Reply-To", "Message-ID"):
                value = corpus.header(mail.data, name)
                for domain in (part.split(">")[0].split()[0] for part in value.split("@")[1:]):
                    self.assertTrue(domain.strip('",)').endswith(".example"), f"{mail.file} {name}: {value}")

    def test_ties_every_mail_of_a_thread_to_another_one_of_it(self):
        self.assertGreaterEqual(len(self.by_thread), 5)
        for thread, mails in self.by_thread.items():
            known = {mail.file: corpus.identifiers(mail.data, "Message-ID")[0] for mail in mails}
            roots = [mail for mail in mails if not self._ancestors(mail) & set(known.values())]
            self.assertTrue(3 <= len(mails) <= 5, thread)
            self.assertEqual(len(roots), 1, f"{thread}: {[mail.file for mail in roots]}")

    def test_has_no_reference_from_one_thread_to_another(self):
        thread_of = {corpus.identifiers(mail.data, "Message-ID")[0]: mail.thread
                     for mail in self.mails if mail.thread}
        for mail in self.mails:
            foreign = {thread_of[found] for found in self._ancestors(mail) if found in thread_of} - {mail.thread}
            self.assertEqual(foreign, set(), mail.file)

    def test_sends_one_reply_before_its_parent(self):
        early, late = self.by_thread["order"][:2]
        self.assertIn(corpus.identifiers(late.data, "Message-ID")[0], self._ancestors(early))
        self.assertLess(early.file, late.file)

    def test_folds_one_references_header_inside_an_identifier(self):
        mail = self.by_thread["meter"][-1]
        self.assertRegex(mail.data, rb"(?i)References:[^\r]*<[^>\r]*\r\n\t[^<]*>")
        parents = {corpus.identifiers(other.data, "Message-ID")[0] for other in self.by_thread["meter"][:-1]}
        self.assertEqual(self._ancestors(mail), parents)

    def test_repeats_a_message_id_only_for_the_mail_that_goes_to_both_desks(self):
        seen = collections.Counter(found for mail in self.mails
                                   for found in corpus.identifiers(mail.data, "Message-ID"))
        self.assertEqual([found for found, times in seen.items() if times > 1],
                         ["c7714.k20931.a88.1795414681@crm-out3.sfar.example"])

    def test_makes_the_same_photo_every_time(self):
        photo = next(mail for mail in self.mails if "photo" in mail.file)
        self.assertGreater(len(photo.data), 5_000_000)
        self.assertNotIn(b"{{photo}}", photo.data)
        self.assertEqual(photo.sha256, PHOTO_SHA256)

    def test_stays_small_in_the_tree(self):
        self.assertLess(sum(path.stat().st_size for path in corpus.FOLDER.iterdir()), 500_000)

    @staticmethod
    def _ancestors(mail):
        return set(corpus.identifiers(mail.data, "In-Reply-To", "References"))


PHOTO_SHA256 = "10fdb5c5d6a2bef4a0fbe45c8768b43878c58134179d0892084eb995ddf4c6af"

if __name__ == "__main__":
    unittest.main()
