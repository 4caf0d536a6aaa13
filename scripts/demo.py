#!/usr/bin/env python3
"""A whole outage in half a minute, on loopback: mail flows, the primary dies, staff work on, all comes back.

Needs nothing but the built programs. Exit status 0 only when no mail was lost, doubled, altered or out of order.
"""

import argparse
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support import corpus  # noqa: E402
from support.lab import Lab  # noqa: E402
from support.page import Page  # noqa: E402
from support.reckoning import Sent, reckon  # noqa: E402
from support.smtp_wire import send  # noqa: E402
from support.waiting import TooLate, until  # noqa: E402


@dataclass
class Tally:
    """What the demo counts on its way."""
    accepted: list = field(default_factory=list)
    refused: list = field(default_factory=list)  # (file, reply)
    relayed: int = 0        # arrived before the outage
    handed_back: int = 0    # arrived between the outage and the return to normal
    tickets: int = 0
    ticketed: int = 0
    notice_outage: float = 0.0
    notice_recovery: float = 0.0
    back_to_normal: float = 0.0
    whole: float = 0.0

    def take(self, mail, reply):
        if reply.code == 250:
            self.accepted.append(Sent(mail.file, mail.data, mail.recipients, len(self.accepted), mail.thread))
        else:
            self.refused.append((mail.file, str(reply)))

    @property
    def sent(self):
        return len(self.accepted) + len(self.refused)


def table(tally, result):
    """The last page as rows for Page.table. Pure."""
    zero = lambda label, names: (label, str(len(names)), not names)
    return [
        ("sent", str(tally.sent), None),
        ("accepted (250)", str(len(tally.accepted)), not tally.refused),
        ("in a ticket", str(tally.ticketed), tally.ticketed == len(tally.accepted)),
        ("tickets", str(tally.tickets), None),
        ("relayed in normal mode", str(tally.relayed), None),
        ("handed back after the outage", str(tally.handed_back), None),
        ("identical by SHA-256", str(result.identical), result.identical == result.accepted),
        zero("lost", result.lost),
        zero("doubled", result.doubled),
        zero("altered", result.altered),
        zero("out of order within a thread", result.out_of_order),
        ("seconds to notice the outage", f"{tally.notice_outage:.1f}", None),
        ("seconds to notice the recovery", f"{tally.notice_recovery:.1f}", None),
        ("seconds from recovery to normal", f"{tally.back_to_normal:.1f}", None),
        ("seconds in all", f"{tally.whole:.1f}", None),
    ]


def succeeded(tally, result):
    return all(verdict is not False for _, _, verdict in table(tally, result))


class Demo:
    def __init__(self, lab, page, pace):
        self._lab, self._page, self._pace = lab, page, pace
        mails = corpus.load()
        third = len(mails) // 3
        self._thirds = mails[:third], mails[third:2 * third], mails[2 * third:]
        self._tally = Tally()

    def run(self):
        began = time.monotonic()
        self._start()
        self._normal_flow()
        self._outage()
        self._staff_at_work()
        self._recovery()
        self._tally.whole = time.monotonic() - began
        return self._reckoning()

    # --- the story ---------------------------------------------------------------------------------

    def _start(self):
        page, lab = self._page, self._lab
        page.title("beredd: what happens to your customers' mail when the support platform goes down")
        page.step("Two programs start")
        page.say("The primary (a small stand-in for your helpdesk) keeps every mail it gets as a file. beredd "
                 "stands in front of it, and asks every half second whether it is well.")
        lab.start()
        page.fact(f"primary on 127.0.0.1:{lab.sandbox.smtp}, beredd on 127.0.0.1:{lab.smtp}, both ready")
        self._breathe()

    def _normal_flow(self):
        page, lab = self._page, self._lab
        page.step("An ordinary morning")
        page.say("Customers write. beredd puts each mail on disk, says 250, and passes it on at once.")
        self._send(self._thirds[0], 0.12)
        until(lambda: lab.sandbox.count() >= len(self._tally.accepted), 30, "the first mails to reach the primary")
        until(lab.beredctl.at_rest, 10, "the queue to be empty")
        self._tally.relayed = lab.sandbox.count()
        page.fact(f"{self._tally.relayed} mails have arrived at the primary", "green")
        self._breathe()

    def _outage(self):
        page, lab = self._page, self._lab
        page.step("The primary dies")
        page.say("SIGKILL, in the middle of the day. Nobody tells beredd; it has to find out.")
        lab.sandbox.kill9()
        died = time.monotonic()
        until(lambda: lab.beredctl.mode() == "fallback", 30, "beredd to notice the outage", every=0.05)
        self._tally.notice_outage = time.monotonic() - died
        page.fact(f"noticed after {self._tally.notice_outage:.1f} s", "green")
        page.command("beredctl failover status")
        page.quote(lab.beredctl.text("failover", "status"), 8)
        self._breathe()

    def _staff_at_work(self):
        page, lab = self._page, self._lab
        page.step("Customers keep writing, staff keep reading")
        page.say("Every mail is still answered 250. It is held here, sorted into tickets, and staff see it.")
        self._send(self._thirds[1], 0.16)
        until(lambda: lab.beredctl.json("status")["unsorted"] == 0, 30, "the mails to be sorted into tickets")
        for words, lines in (("status", 9), ("ticket list --limit 8", 10)):
            page.command(f"beredctl {words}")
            page.quote(lab.beredctl.text(*words.split()), lines)
            self._breathe()
        ticket = self._ticket_of("login")
        page.say("One conversation, with what was said before the outage:")
        page.command(f"beredctl ticket show {ticket}")
        page.quote(lab.beredctl.text("ticket", "show", ticket), 24)
        self._breathe()

    def _recovery(self):
        page, lab = self._page, self._lab
        page.step("The primary comes back")
        page.say("A port that answers is not yet a recovery. beredd probes, gives one mail back first, then the "
                 "rest, in order within each conversation, while new mail still comes in.")
        seen = len(self._history())
        sender = threading.Thread(target=self._send_quietly, args=(self._thirds[2], 0.12))
        lab.sandbox.start()
        came_back = time.monotonic()
        sender.start()
        try:
            self._watch_modes(came_back, seen)
        finally:
            sender.join()
        until(lambda: lab.beredctl.at_rest() and lab.sandbox.count() >= len(self._tally.accepted), 60,
              "every mail to be handed back")
        page.fact(f"{len(self._thirds[2])} more mails came in meanwhile, all answered 250" if not self._tally.refused
                  else f"{len(self._tally.refused)} mails were not answered 250")
        page.fact("nothing is held, queued or on its way; the mode is normal", "green")
        page.command("beredctl handback status")
        page.quote(lab.beredctl.text("handback", "status"), 4)

    def _watch_modes(self, came_back, seen):
        """Prints every change of mode after the first `seen`, until it is normal again."""
        while time.monotonic() < came_back + 60:
            history = self._history()
            for change in history[seen:]:
                after = time.monotonic() - came_back
                self._page.fact(f"{after:4.1f} s  {change['from']} → {change['to']}: {change['why']}")
                if change["to"] == "probation" and not self._tally.notice_recovery:
                    self._tally.notice_recovery = after
                if change["to"] == "normal":
                    self._tally.back_to_normal = after
                    self._tally.handed_back = self._lab.sandbox.count() - self._tally.relayed
                    return
            seen = len(history)
            time.sleep(0.05)
        raise TooLate("waited 60 s for the mode to be normal again")

    def _reckoning(self):
        page, lab, tally = self._page, self._lab, self._tally
        messages = [message for message in lab.beredctl.export() if message["direction"] == "in"]
        tally.ticketed = len({message["id"] for message in messages if message["ticket"] is not None})
        tally.tickets = len({message["ticket"] for message in messages} - {None})
        kept = [(data, envelope["to"]) for data, envelope in lab.sandbox.kept()]
        # What came in after the return to normal was relayed at once again.
        tally.relayed += len(kept) - tally.relayed - tally.handed_back
        result = reckon(tally.accepted, kept)
        page.step("The reckoning")
        page.say("Every file that the primary keeps, held byte for byte against what was sent.")
        page.table(table(tally, result))
        for what in ("lost", "doubled", "altered", "out_of_order"):
            for name in getattr(result, what)[:5]:
                page.fact(f"{what.replace('_', ' ')}: {name}", "red")
        for name, reply in tally.refused[:5]:
            page.fact(f"refused: {name}: {reply}", "red")
        return succeeded(tally, result)

    # --- its means ---------------------------------------------------------------------------------

    def _send(self, mails, pause):
        for number, mail in enumerate(mails, 1):
            self._tally.take(mail, send(mail.data, mail.sender, mail.recipients, self._lab.smtp))
            self._page.progress(number, len(mails), mail.expect["subject"] or "(no subject)")
            time.sleep(pause * self._pace)
        self._page.fact(f"{len(mails)} sent, {len(self._tally.accepted)} of {self._tally.sent} so far answered 250")

    def _send_quietly(self, mails, pause):
        for mail in mails:
            self._tally.take(mail, send(mail.data, mail.sender, mail.recipients, self._lab.smtp))
            time.sleep(pause * self._pace)

    def _ticket_of(self, thread):
        """The ticket that the first accepted mail of `thread` is in."""
        first = next(sent for sent in self._tally.accepted if sent.thread == thread)
        return next(message["ticket"] for message in self._lab.beredctl.export()
                    if message["sha256"] == first.key[0])

    def _history(self):
        return sorted(self._lab.beredctl.json("failover", "history"), key=lambda change: change["at"])

    def _breathe(self):
        time.sleep(1.2 * self._pace)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default=ROOT / "build" / "bin", help="where beredd and beredctl are")
    parser.add_argument("--keep", action="store_true", help="keep the folder with state, logs and mails")
    parser.add_argument("--fast", action="store_true", help="no pauses for the reader")
    options = parser.parse_args()
    page = Page()
    try:
        lab = Lab(options.bin, keep=options.keep)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    with lab:
        try:
            good = Demo(lab, page, 0.0 if options.fast else 1.0).run()
        except (TooLate, RuntimeError, StopIteration) as error:
            lab.keep_folder()
            page.fact(f"the demo stops here: {error}", "red")
            page.quote(lab.daemon.last_words(), 8)
            good = False
        if lab.kept:
            page.fact(f"everything is in {lab.folder}")
    return 0 if good else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
