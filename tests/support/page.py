"""Prints a demo for a reader: headings, facts, a progress line. Colour and moving lines on a terminal only."""

import os
import shutil
import sys
import textwrap

_STYLES = {"bold": "1", "dim": "2", "green": "32", "red": "31", "yellow": "33", "cyan": "36"}


class Page:
    def __init__(self, out=sys.stdout):
        self._out = out
        self.terminal = out.isatty()
        self._colour = self.terminal and "NO_COLOR" not in os.environ
        self._width = min(shutil.get_terminal_size((100, 24)).columns, 100)
        self._step = 0

    def styled(self, text, *styles):
        if not self._colour:
            return text
        return f"\033[{';'.join(_STYLES[style] for style in styles)}m{text}\033[0m"

    def title(self, text):
        self._line(self.styled(text, "bold"))

    def step(self, text):
        self._step += 1
        self._line("")
        self._line(self.styled(f"{self._step}  {text}", "bold", "cyan"))

    def say(self, text):
        self._line(textwrap.fill(text, self._width, initial_indent="   ", subsequent_indent="   "))

    def fact(self, text, style=None):
        self._line("   " + self.styled("→ ", "dim") + (self.styled(text, style) if style else text))

    def command(self, words):
        self._line("   " + self.styled(f"$ {words}", "yellow"))

    def quote(self, text, lines):
        """The first `lines` lines of what a program printed."""
        shown = text.rstrip("\n").splitlines()
        for line in shown[:lines]:
            self._line("   " + self.styled("│ ", "dim") + line[:self._width - 5])
        if len(shown) > lines:
            self._line("   " + self.styled(f"│ … {len(shown) - lines} more lines", "dim"))

    def progress(self, done, total, what):
        """One line that moves; on paper only its end."""
        bar = "█" * (24 * done // total)
        line = f"   {bar:░<24} {done}/{total} {what}"
        if self.terminal:
            self._out.write(f"\r\033[K{line[:self._width]}" + ("\n" if done == total else ""))
            self._out.flush()
        elif done == total:
            self._line(f"   {bar} {done}/{total}")

    def table(self, rows):
        """Rows of (label, value, verdict): True is good, False is bad, None is only a figure."""
        label_width = max(len(label) for label, _, _ in rows)
        value_width = max(len(value) for _, value, _ in rows)
        for label, value, verdict in rows:
            mark = {True: self.styled("✓", "green"), False: self.styled("✗", "red", "bold"), None: ""}[verdict]
            self._line(f"   {label:<{label_width}}  {value:>{value_width}}  {mark}".rstrip())

    def _line(self, text):
        print(text, file=self._out, flush=True)
