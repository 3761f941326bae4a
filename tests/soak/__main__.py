# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Long tests: python -m soak [PART...] [--minutes M] [--seed N] [--cases C] [--size S]

Parts: chaos (random desired states under random faults), scenarios (the long scenario of tests/unit/matrix under other
combinations of switches), faults (its faults, under random settings), properties (the property tests with new
examples). The parts share the time. A seed repeats its cases. The cases that ran are written to the folder P1_RESULTS, if that is set.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from emulator import DirectoryService, Settings

from . import matrix
from .chaos import chaos

PARTS = ("chaos", "scenarios", "faults", "properties")


def random_cases(seed: int, size: int) -> Iterator[str]:
    """Yield random desired states, one case after another."""
    with DirectoryService(Settings()) as calm, DirectoryService(Settings()) as stormy:
        while True:
            try:
                runs = chaos(seed, calm, stormy, size)
            except AssertionError as error:
                raise AssertionError(f"case {seed}: {error}") from error
            yield f"case {seed}: {runs} runs"
            seed += 1


def soak(part: str, arguments: argparse.Namespace, seed: int, seconds: float) -> dict:
    """Run cases of a part until its time is up; after a broken case, continue with the next seed."""
    end = time.monotonic() + seconds
    tried, broken, last = 0, [], ""
    cases: Iterator[str] | None = None
    number = seed
    while time.monotonic() < end and (arguments.cases is None or tried < arguments.cases):
        if cases is None:
            cases = random_cases(number, arguments.size) if part == "chaos" else getattr(matrix, part)(number)
        tried += 1
        try:
            last = next(cases)
        except AssertionError as error:
            traceback.print_exc()
            print(f"{part}, seed {number}: {error}", file=sys.stderr)
            broken.append(str(error)[:2000])
            cases = None
            number += tried + 1
        if tried % 50 == 0:
            print(f"{part}: {tried} cases, {len(broken)} broken, last {last}", flush=True)
    print(f"{part}: {tried} cases from seed {seed} on, {len(broken)} broken", flush=True)
    return {"part": part, "seed": seed, "cases": tried, "size": arguments.size, "broken": broken}


def main() -> int:
    """Run cases until the time is up; return 1 if a case broke or a part ran none."""
    parser = argparse.ArgumentParser(prog="soak", description="Run fresh cases for a given time.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long to try new cases (default: 10)")
    parser.add_argument("--cases", type=int, help="maximum number of cases of each part")
    parser.add_argument("--seed", type=int, help="number of the first case; the others follow (default: random)")
    parser.add_argument("--size", type=int, default=8, help="users and groups of a desired state, approximately (default: 8)")
    arguments = parser.parse_args()
    parts = arguments.parts or list(PARTS)
    if unknown := [part for part in parts if part not in PARTS]:
        parser.error(f"no such part: {', '.join(unknown)}")
    seed = random.SystemRandom().randrange(10**9) if arguments.seed is None else arguments.seed
    results = [soak(part, arguments, seed, arguments.minutes * 60 / len(parts)) for part in parts]
    folder = os.environ.get("P1_RESULTS")
    if folder:
        (Path(folder) / "soak.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 1 if any(part["broken"] or not part["cases"] for part in results) else 0


if __name__ == "__main__":
    sys.exit(main())
