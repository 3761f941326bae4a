# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The long tests: python -m soak [--minutes M] [--seed N] [--cases C] [--size S]

Each case has a number, which makes it again. What was tried is written to P1_RESULTS, if that is set.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
import traceback
from pathlib import Path

from emulator import DirectoryService, Settings

from .chaos import chaos


def main() -> int:
    """Try cases until the time is up; 1 where a promise was broken."""
    parser = argparse.ArgumentParser(prog="soak", description="random wishes under random faults")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long to try new cases (default: 10)")
    parser.add_argument("--cases", type=int, help="how many at most")
    parser.add_argument("--seed", type=int, help="the first case; the others follow (default: a fresh one)")
    parser.add_argument("--size", type=int, default=8, help="users and groups of a case, about (default: 8)")
    arguments = parser.parse_args()
    first = random.SystemRandom().randrange(10**9) if arguments.seed is None else arguments.seed
    end = time.monotonic() + arguments.minutes * 60
    tried, runs, broken = 0, 0, []
    with DirectoryService(Settings()) as calm, DirectoryService(Settings()) as stormy:
        while time.monotonic() < end and (arguments.cases is None or tried < arguments.cases):
            number = first + tried
            tried += 1
            try:
                runs += chaos(number, calm, stormy, arguments.size)
            except AssertionError as error:
                broken.append(number)
                traceback.print_exc()
                print(f"case {number}: {error}", file=sys.stderr)
            if tried % 50 == 0:
                print(f"{tried} cases, {runs} runs, {len(broken)} broken", flush=True)
    print(f"{tried} cases from {first} on, {runs} runs under faults, {len(broken)} broken {broken[:20] or ''}")
    folder = os.environ.get("P1_RESULTS")
    if folder:
        told = {"first": first, "cases": tried, "runs": runs, "size": arguments.size, "broken": broken}
        (Path(folder) / "chaos.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return 1 if broken or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
