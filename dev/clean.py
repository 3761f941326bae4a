# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make clean: remove .build/ and, where there is one, the link with a short name that stands for it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

import project


def main(_arguments: Sequence[str]) -> int:
    place = project.place()
    if place != project.BUILD:
        place.unlink()
    shutil.rmtree(project.BUILD, ignore_errors=True)
    return 0


if __name__ == "__main__":
    project.main_of(main)
