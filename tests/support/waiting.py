"""The one place that waits: a condition, a deadline, and words for when it passes."""

import time


class TooLate(AssertionError):
    """The deadline passed; says what was waited for and what was seen last."""


def until(condition, seconds, what, every=0.02):
    """Polls `condition` until it is true and returns what it returned. Raises TooLate."""
    deadline = time.monotonic() + seconds
    while True:
        seen = condition()
        if seen:
            return seen
        if time.monotonic() >= deadline:
            raise TooLate(f"waited {seconds:g} s for {what}; last seen: {seen!r}")
        time.sleep(every)
