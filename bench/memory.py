#!/usr/bin/env python3
"""Memory in full size: 200 sessions that send 40 MiB each at once (8 GiB on disk), and 5,000 idle ones."""

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", default="build/bin", help="not needed: the test knows where the optimised programs are")
    parser.parse_args()
    os.environ.update(MEMORY_MIB="40", PYTHONPATH=str(ROOT / "tests"), PYTHONDONTWRITEBYTECODE="1")
    os.execv(sys.executable, [sys.executable, str(ROOT / "tests" / "integration" / "memory_test.py")])


if __name__ == "__main__":
    main()
