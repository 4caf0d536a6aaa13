"""A real file system of a few megabytes fills up, at every stage of a transaction and of the hand-back.

It is a tmpfs, and then an ext4 in a file, in a mount namespace of the test's own. Where that is not permitted,
the test is skipped.
"""

import errno
import os
import random
import shutil
import subprocess
import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.lab import Lab  # noqa: E402
from support.smtp_wire import Client, stuffed  # noqa: E402
from support.traffic import TO, Traffic, at_the_primary, missing_from  # noqa: E402
from support.waiting import until  # noqa: E402

SKIPPED = 77
MIB = 1024 * 1024
DISK, LOW_WATER = 64 * MIB, 16 * MIB


def in_a_namespace_of_our_own():
    """Runs this program again where mounting harms nobody; returns there."""
    if os.environ.get("BEREDD_NAMESPACE"):
        return
    tried = subprocess.run(["unshare", "--mount", "--propagation", "private", "mount", "-t", "tmpfs", "none", "/mnt"],
                           capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        print(f"skipped: a mount namespace is not permitted here: {tried.stderr.strip()}", file=sys.stderr)
        sys.exit(SKIPPED)
    os.execvpe("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv],
               {**os.environ, "BEREDD_NAMESPACE": "1"})


class Disk(unittest.TestCase):
    def setUp(self):
        self.lab = self.enterContext(Lab(every="100ms", min_dwell="0s", daily_budget=1000, retry=("100ms", "200ms"),
                                         node_extra=(f'low_water = "{LOW_WATER // MIB}MiB"',)))
        self.mount()
        self.addCleanup(subprocess.run, ["umount", "--lazy", str(self.lab.state)], check=False)
        self.ballast = self.lab.state / "ballast"

    def mount(self):
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", str(self.lab.state)], check=True)

    def free(self):
        disk = os.statvfs(self.lab.state)
        return disk.f_bavail * disk.f_frsize

    def fill(self, leave=0):
        """Somebody else takes all of the disk but `leave` bytes."""
        with self.ballast.open("ab") as file:
            while (more := self.free() - leave) > 0:
                try:
                    os.posix_fallocate(file.fileno(), file.tell(), more)
                    file.seek(0, os.SEEK_END)
                except OSError as error:  # beredd was quicker
                    if error.errno != errno.ENOSPC:
                        raise

    def relieve(self):
        self.ballast.unlink()

    def begin(self, client, size=""):
        reply = client.wire.command(f"MAIL FROM:<a@kund.example>{size}")
        if reply.code == 250:
            self.assertEqual(client.wire.command(f"RCPT TO:<{TO[0]}>").code, 250)
        return reply

    def refused_for_space(self, reply):
        self.assertEqual((reply.code, reply.text[:5]), (452, "4.3.1"))


class Intake(Disk):
    def setUp(self):
        super().setUp()
        self.lab.start()

    def takes_mail(self):
        with Client(self.lab.smtp) as client:
            self.assertEqual(client.deliver(b"Subject: small\r\n\r\nx\r\n", "a@kund.example", TO).code, 250)

    def test_below_the_mark_mail_is_refused_before_it_is_sent(self):
        self.fill(leave=LOW_WATER // 2)
        with Client(self.lab.smtp) as client:
            self.refused_for_space(self.begin(client))
            self.relieve()
            self.assertEqual(self.begin(client).code, 250, "on the same connection, as soon as there is room")

    def test_an_announced_size_that_would_not_fit_is_refused_before_it_is_sent(self):
        with Client(self.lab.smtp) as client:
            self.fill(leave=LOW_WATER + 4 * MIB)
            self.refused_for_space(self.begin(client, f" SIZE={5 * MIB}"))
            self.assertEqual(self.begin(client, f" SIZE={2 * MIB}").code, 250)

    def test_a_disk_that_fills_after_mail_is_a_452_and_leaves_nothing(self):
        mail = b"Subject: stage\r\n\r\n" + b"0123456789abcde\r\n" * (3 * MIB // 17)
        data = stuffed(mail)
        for before in (0, len(data) // 2, len(data) - 5):
            with self.subTest(sent_before_it_was_full=before), Client(self.lab.smtp) as client:
                self.assertEqual(self.begin(client).code, 250)
                self.assertEqual(client.wire.command("DATA").code, 354)
                client.wire.write(data[:before])
                self.fill()
                client.wire.write(data[before:])
                reply = client.wire.reply()
                self.relieve()
                if before == len(data) - 5 and reply.code == 250:
                    continue  # all of it was on disk already
                self.refused_for_space(reply)
                self.assertEqual(client.deliver(mail + b"%d\r\n" % before, "a@kund.example", TO).code, 250)
        self.lab.daemon.must_run()
        self.takes_mail()
        self.lab.daemon.kill9()
        self.lab.daemon.start().ready()
        export = self.lab.beredctl.export()
        self.assertEqual(len({message["sha256"] for message in export}), len(export), "nothing is there twice")

    def test_many_that_each_saw_room_do_not_overrun_the_disk_together(self):
        size, clients = 4 * MIB, 20
        mail = (b"Subject: large\r\n\r\n" + b"0123456789abcde\r\n" * (size // 17))[:size - 2] + b"\r\n"
        codes, all_asked = [], threading.Barrier(clients)

        def send_one():
            with Client(self.lab.smtp, seconds=120) as client:
                reply = self.begin(client, f" SIZE={size}")
                all_asked.wait()
                if reply.code == 250:
                    self.assertEqual(client.wire.command("DATA").code, 354)
                    client.wire.write(stuffed(mail))
                    codes.append((250, client.wire.reply().code))
                else:
                    codes.append((reply.code, 0))

        threads = [threading.Thread(target=send_one) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        taken = codes.count((250, 250))
        self.assertEqual(taken + codes.count((452, 0)), clients, f"who was let in was served to the end: {codes}")
        self.assertGreater(taken, 3)
        self.assertLessEqual(taken * size, DISK - LOW_WATER)

    def test_a_load_that_fills_the_disk_again_and_again_loses_nothing(self):
        seed = random.SystemRandom().randrange(10**6)
        with Traffic(self.lab.smtp, seed, again=True, sizes=(1000, 20000, 300000)) as traffic:
            for leave in (0, LOW_WATER // 2, 0):
                goal = len(traffic.accepted) + 5
                until(lambda: len(traffic.accepted) >= goal, 20, "mail to be taken")
                put_off = traffic.codes[452]
                self.fill(leave)
                until(lambda: traffic.codes[452] > put_off + 3, 20, "mail to be put off")
                self.relieve()
        self.assertEqual(set(traffic.codes) - {250, 452}, set(), f"CHAOS_SEED={seed} {traffic.codes}")
        until(self.lab.beredctl.at_rest, 60, "all mail to be handed back", every=0.1)
        self.assertEqual(missing_from(self.lab.beredctl.export(), traffic.accepted), [])
        self.assertTrue(at_the_primary(self.lab.sandbox, traffic).clean)


class OnExt4:
    """The same on a disk whose blocks are given out late, and whose errors come with the sync."""

    def mount(self):
        if not shutil.which("mkfs.ext4"):
            self.skipTest("no mkfs.ext4 here (apt-get install e2fsprogs)")
        self.image = self.lab.folder / "disk"
        with self.image.open("wb") as file:
            file.truncate(DISK + 8 * MIB)
        subprocess.run(["mkfs.ext4", "-q", "-m", "0", str(self.image)], check=True)
        self.attach()

    def attach(self):
        done = subprocess.run(["mount", "-o", "loop,errors=remount-ro", str(self.image), str(self.lab.state)],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.skipTest(f"no loop device here: {done.stderr.strip()}")


class IntakeOnExt4(OnExt4, Intake):
    pass


class ReadOnly(OnExt4, Disk):
    def test_a_disk_that_the_kernel_turns_read_only_puts_mail_off_and_loses_nothing(self):
        self.lab.start()
        device = subprocess.run(["findmnt", "-no", "SOURCE", str(self.lab.state)], capture_output=True, text=True,
                                check=True).stdout.strip()
        trigger = Path("/sys/fs/ext4", Path(device).name, "trigger_fs_error")
        if not os.access(trigger, os.W_OK):
            self.skipTest(f"{trigger} cannot be written")
        with Traffic(self.lab.smtp, 11, again=True) as traffic:
            until(lambda: len(traffic.accepted) >= 20, 30, "mail to be taken")
            trigger.write_text("1")
            # 451 where the write failed, 452 where a new session saw that nothing settles any more.
            until(lambda: traffic.codes[451] + traffic.codes[452] >= 20, 20, "mail to be put off")
        self.assertLessEqual(set(traffic.codes), {250, 451, 452})
        # Reading goes on. The newest mail is still in the intake log, which only a disk that can be written settles.
        self.assertGreater(len(self.lab.beredctl.export()), 0)
        self.lab.daemon.stop()
        subprocess.run(["umount", str(self.lab.state)], check=True)
        subprocess.run(["fsck.ext4", "-p", "-f", str(self.image)], capture_output=True, check=False)
        self.attach()
        self.lab.daemon.start().ready()
        with Traffic(self.lab.smtp, 12) as more:
            until(lambda: len(more.accepted) >= 5, 20, "mail to be taken again")
        self.assertEqual(missing_from(self.lab.beredctl.export(), traffic.accepted + more.accepted), [])


class HandBack(Disk):
    def test_on_a_full_disk_what_was_handed_back_is_written_down_and_nothing_comes_twice(self):
        self.lab.daemon.start().ready()
        until(lambda: self.lab.beredctl.mode() == "fallback", 30, "the outage to be noticed")
        with Traffic(self.lab.smtp, 5, again=True, sizes=(1000, 5000)) as traffic:
            until(lambda: len(traffic.accepted) >= 60, 30, "mail to be held")
        until(lambda: self.lab.beredctl.json("status")["unsorted"] == 0, 30, "all to be sorted")
        self.fill()
        self.lab.sandbox.start().ready()
        until(self.lab.beredctl.at_rest, 60, "all mail to be handed back on a full disk", every=0.1)
        self.lab.daemon.kill9()
        self.lab.daemon.start().ready()  # on the full disk
        self.assertEqual(missing_from(self.lab.beredctl.export(), traffic.accepted), [])
        with Client(self.lab.smtp) as client:
            self.refused_for_space(self.begin(client))
            self.relieve()
            self.assertEqual(client.deliver(b"Subject: after\r\n\r\nx\r\n", "a@kund.example", TO).code, 250)
        until(self.lab.beredctl.at_rest, 60, "the last one to be handed on", every=0.1)
        self.assertTrue((self.lab.state / "reserve").exists(), "the reserve is there again")
        result = at_the_primary(self.lab.sandbox, traffic)
        self.assertEqual((result.lost, result.doubled, len(result.altered)), ([], [], 1), "the one after is the other")


class HandBackOnExt4(OnExt4, HandBack):
    pass


class Map(Disk):
    def test_a_full_map_refuses_mail_lets_read_and_grows_at_the_next_start(self):
        self.lab.configure(node_extra=('low_water = "1MiB"', 'map_size = "16MiB"'))
        self.lab.start()
        with Traffic(self.lab.smtp, 7, senders=2, sizes=(20000, 300000)) as traffic:
            until(lambda: traffic.codes[452] >= 5, 60, "the map to be full")
            self.assertGreater(len(self.lab.beredctl.json("ticket", "list")), 0, "reading goes on")
        self.assertEqual(set(traffic.codes), {250, 452})
        self.assertEqual(missing_from(self.lab.beredctl.export(), traffic.accepted), [])
        self.lab.daemon.stop()
        self.lab.configure(node_extra=('low_water = "1MiB"', 'map_size = "64MiB"'))
        self.lab.daemon.start().ready()
        with Client(self.lab.smtp) as client:
            self.assertEqual(client.deliver(b"Subject: more\r\n\r\nx\r\n", "a@kund.example", TO).code, 250)
        self.assertEqual(missing_from(self.lab.beredctl.export(), traffic.accepted), [])


if __name__ == "__main__":
    in_a_namespace_of_our_own()
    unittest.main()
