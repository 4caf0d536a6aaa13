#!/usr/bin/env python3
"""What `bench/intake.py` says of figures, and what `scripts/figures.py` writes of them; nothing is measured here."""

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


intake, figures = load(ROOT / "bench" / "intake.py"), load(ROOT / "scripts" / "figures.py")
GOAL = next(one for one in intake.SCENARIOS if one.name == "goal")
DURABLE = {"beredd": True, "postfix": True, "exim": True, "opensmtpd": False, "smtp-sink": True}


def results(**rates):
    return {name.replace("_", "-"): {"rate": rate, "cpu_us": 400, "written": 2.5, "others": 0.02}
            for name, rate in rates.items()}


def a_peer_that_does_not_sync_is_named_but_is_not_the_best():
    verdict = intake.judge(GOAL, results(beredd=6000, postfix=800, exim=1000, opensmtpd=1500, smtp_sink=9000), DURABLE)
    assert verdict["best_peer"] == "exim" and verdict["to_best_peer"] == 6.0
    assert verdict["to_unsynced"] == {"opensmtpd": 4.0}
    assert verdict["reached"]


def a_goal_is_missed_by_either_ratio():
    slow = intake.judge(GOAL, results(beredd=4900, postfix=800, exim=1000, opensmtpd=500, smtp_sink=5000), DURABLE)
    behind = intake.judge(GOAL, results(beredd=5900, postfix=800, exim=1000, opensmtpd=500, smtp_sink=10000), DURABLE)
    assert not slow["reached"] and not behind["reached"]


def a_peer_that_is_missing_leaves_the_goal_open():
    assert not intake.judge(GOAL, results(beredd=6000, postfix=800, exim=1000, smtp_sink=9000), DURABLE)["reached"]


def the_page_gets_every_figure_between_its_marks():
    rows = results(beredd=6000, postfix=800, exim=1000, opensmtpd=1500, smtp_sink=9000)
    scenario = {"scenario": GOAL.says, "messages": 4000, "results": rows, **intake.judge(GOAL, rows, DURABLE)}
    text = figures.intake({"machine": "2 cores", "busy": 0.01, "syncs": {"exim": 3.0, "opensmtpd": 0.0},
                           "scenarios": {"goal": scenario}})
    page = figures.PAGE.read_text(encoding="utf-8")
    written = figures.paste(page, "intake", text)
    for wanted in ("| beredd | 6000 | 400 | 2.5 |", "6.00 times the best durable peer (exim)", "exim 3.0, opensmtpd 0.0",
                   "4.00 times opensmtpd, which syncs nothing", "The goal is reached."):
        assert wanted in written, wanted
    assert figures.paste(written, "intake", text) == written
    assert "| ticket list | 1.25 ms | 50: reached |" in figures.paste(page, "growth", figures.growth(
        {"ticket list": {"value": 1.25, "unit": "ms", "goal": 50, "reached": True}}))


if __name__ == "__main__":
    a_peer_that_does_not_sync_is_named_but_is_not_the_best()
    a_goal_is_missed_by_either_ratio()
    a_peer_that_is_missing_leaves_the_goal_open()
    the_page_gets_every_figure_between_its_marks()
