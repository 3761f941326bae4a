# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a command and write its times and memory: measured.py FIGURES.json COMMAND..."""

from __future__ import annotations

import json
import os
import sys
import time


def main(figures, *command):
    start = time.monotonic()
    process = os.posix_spawnp(command[0], command, os.environ)
    _pid, status, usage = os.wait4(process, 0)
    wall = time.monotonic() - start
    with open(figures, "w", encoding="utf-8") as file:
        json.dump(
            {
                "wall": wall,
                "cpu": usage.ru_utime + usage.ru_stime,
                "peak_mib": usage.ru_maxrss / 1024,
                "status": os.waitstatus_to_exitcode(status),
            },
            file,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
