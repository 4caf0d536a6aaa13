#!/usr/bin/env python3
"""`./dev run`: a daemon on loopback with its own store, and a sandbox primary, until Ctrl-C."""

import argparse
import signal
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from support.lab import Lab  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True, help="the folder of beredd and beredctl")
    parser.add_argument("--keep", action="store_true", help="keep the folder when it ends")
    arguments = parser.parse_args()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with Lab(arguments.bin, keep=arguments.keep) as lab:
        lab.start()
        ctl = f"{arguments.bin}/beredctl --socket {lab.config.socket}"
        print(f"""beredd takes mail for @help.example on 127.0.0.1:{lab.smtp}; everything is in {lab.folder}

  send a mail     swaks --server 127.0.0.1:{lab.smtp} --to support@help.example --header "Subject: Hello"
  look            {ctl} status
                  {ctl} ticket list
  the primary     keeps what it gets in {lab.sandbox.keep}
  make it fail    curl -X POST http://127.0.0.1:{lab.sandbox.health}/fail/refuse
  and recover     curl -X POST http://127.0.0.1:{lab.sandbox.health}/fail/none

Ctrl-C ends all of it.""", flush=True)
        while not ended.wait(1):
            lab.daemon.must_run()
            lab.sandbox.must_run()
    if lab.kept:
        print(f"kept: {lab.folder}")


if __name__ == "__main__":
    main()
