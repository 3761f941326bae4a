# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make help: the targets, from the comments of the Makefile."""

from __future__ import annotations

import re

import project


def main(_arguments: list[str]) -> int:
    found = re.findall(r"^([a-z-]+):[^#\n]*## (.*)$", (project.ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for name, purpose in found:
        print(f"make {name:12} {purpose}")
    return 0


if __name__ == "__main__":
    project.main_of(main)
