"""Senders that write without a pause, and remember what they were answered."""

import random
import threading
from collections import Counter

from support.reckoning import Sent, identity, reckon, without_trace
from support.smtp_wire import send

TO = ("support@help.example",)
SIZES = (10, 1000, 1000, 20000, 300000)


class Traffic:
    """Every attempt is a new mail of one of ten conversations.

    With `again`, a mail that was put off (4xx) is sent again, the same bytes, until it is taken, as a server
    with a queue does; what was still put off at the end is in `refused`.
    """

    def __init__(self, port, seed, senders=4, sizes=SIZES, again=False):
        self._port, self._seed, self._senders, self._sizes, self._again = port, seed, senders, sizes, again
        self._lock, self._going, self._stopped = threading.Lock(), threading.Event(), threading.Event()
        self._attempts = self._runs = 0
        self.accepted, self.unanswered, self.refused = [], [], []
        self.codes = Counter()  # every answer; 0 is a connection that ended, "refused" one that never was
        self.cut = Counter()    # in what words the connections ended
        self._threads = []

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self._runs += 1
        self._going.set()
        self._stopped.clear()
        self._threads = [threading.Thread(target=self._write, args=(number,)) for number in range(self._senders)]
        for thread in self._threads:
            thread.start()
        return self

    def stop(self):
        self._going.clear()
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _write(self, sender):
        dice = random.Random(f"{self._seed} {self._runs} {sender}")
        while self._going.is_set():
            with self._lock:
                self._attempts += 1
                number = self._attempts
            self._deliver(number, self._mail(number, dice.choice(self._sizes)))

    def _mail(self, number, size):
        return (f"From: kund{number % 10}@kund.example\r\nTo: support@help.example\r\nSubject: {number}\r\n"
                f"Message-ID: <{self._seed}.{number}@kund.example>\r\n"
                f"References: <{self._seed}.root.{number % 10}@kund.example>\r\n\r\n"
                + "0123456789abcdef\r\n" * (size // 18) + f"{number}\r\n").encode()

    def _deliver(self, number, data):
        while True:
            reply = send(data, f"kund{number % 10}@kund.example", TO, self._port)
            never = reply.code == 0 and "refused" in reply.text
            sent = Sent(f"mail {number}", data, TO, len(self.accepted))
            with self._lock:
                self.codes["refused" if never else reply.code] += 1
                if reply.code == 0:
                    self.cut[reply.text] += 1
                if reply.code == 250:
                    self.accepted.append(sent)
                    return
                if reply.code == 0 and not never:
                    self.unanswered.append(sent)
                    return
            if not (self._again and (never or 400 <= reply.code < 500)) or self._stopped.wait(0.02):
                with self._lock:
                    self.refused.append((sent, reply))
                return


def missing_from(export, accepted):
    """The names of accepted mails that the export does not have exactly once."""
    there = Counter(message["sha256"] for message in export)
    return [f"{sent.name}: {there[sent.key[0]]} times" for sent in accepted if there[sent.key[0]] != 1]


def at_the_primary(sandbox, traffic):
    """The reckoning of what the primary keeps; a mail without an answer may be there once or not at all."""
    kept = [(data, envelope["to"]) for data, envelope in sandbox.kept()]
    maybe = {sent.key: sent for sent in [*traffic.unanswered, *(sent for sent, _ in traffic.refused)]}
    arrived = {identity(below, to) for data, to in kept for below in without_trace(data)}
    due = traffic.accepted + [sent for key, sent in maybe.items() if key in arrived]
    return reckon(due, kept)
