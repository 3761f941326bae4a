# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sessions for nox: those of antsibull-nox.toml, and ansible-test on each ansible-core and Python that we claim.

nox                      the checks of antsibull-nox
make test-matrix         ansible-test on everything that we claim, with interpreters found on this machine
"""

# The following metadata allows Python runners and nox to install what this file needs:
# /// script
# requires-python = ">=3.10"
# dependencies = ["nox>=2025.02.09", "antsibull-nox"]
# ///

from __future__ import annotations

import sys
from pathlib import Path

import nox

sys.path.insert(0, str(Path(__file__).resolve().parent / "dev"))

import sessions

try:
    import antsibull_nox
except ImportError:
    print("Install antsibull-nox beside nox to see its sessions.", file=sys.stderr)
else:
    antsibull_nox.load_antsibull_nox_toml()

sessions.add_to(nox)

if __name__ == "__main__":
    nox.main()
