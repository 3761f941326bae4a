# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make bench: run tests/benchmark; results go to .build/benchmark, which the program finds in P1_RESULTS."""

from __future__ import annotations

import programs
import project

if __name__ == "__main__":
    project.main_of(lambda arguments: programs.run("benchmark", arguments))
