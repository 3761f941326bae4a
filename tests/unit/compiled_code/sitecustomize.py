# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Store the compiled code of packed modules and collections in the folder that P1_TEST_COMPILED names.

Python does not store it, so each module process compiles each of its files, twice, which takes a third of its time. Each
Python process with this folder on its path imports this file at its start.
"""

from __future__ import annotations

import _imp
import marshal
import os
import zipimport
import zlib

FOLDER = os.environ.get("P1_TEST_COMPILED")


def stored(source, filename, mode, flags=0, dont_inherit=True):
    """Return the compiled code of a file, which another process may have compiled."""
    path = f"{FOLDER}/{os.path.basename(filename)}-{len(source)}-{zlib.crc32(source)}"
    try:
        with open(path, "rb") as file:
            code = marshal.load(file)
        _imp._fix_co_filename(code, filename)
    except FileNotFoundError:
        code = compile(source, filename, mode, flags, dont_inherit)
        with open(f"{path}.{os.getpid()}", "wb") as file:
            marshal.dump(code, file)
        os.rename(file.name, path)
    return code


if FOLDER:
    zipimport.compile = stored
