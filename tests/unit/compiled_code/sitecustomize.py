# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Store the compiled code of packed modules and collections in the folder that P1_TEST_COMPILED names.

Python does not store it, so each module process compiles each of its files, twice, which takes much of its time. Each
Python process with this folder on its path imports this file at its start.
"""

from __future__ import annotations

import _imp
import _thread
import marshal
import os
import zipimport
import zlib

FOLDER = os.environ.get("P1_TEST_COMPILED")
_codes = {}  # by file name


def stored(source, filename, mode, flags=0, dont_inherit=True):
    """Return the compiled code of a file, which another process may have compiled."""
    name = f"{os.path.basename(filename)}-{len(source)}-{zlib.crc32(source)}"
    try:
        code = _codes.get(name) or _read(name)
        _imp._fix_co_filename(code, filename)
    except FileNotFoundError:
        code = _codes[name] = compile(source, filename, mode, flags, dont_inherit)
        with open(f"{FOLDER}/{name}.{os.getpid()}.{_thread.get_ident()}", "wb") as file:
            marshal.dump(code, file)
        os.rename(file.name, f"{FOLDER}/{name}")
    return code


def read_all():
    """Read all stored code, which forks of this process then need not read."""
    for name in os.listdir(FOLDER):
        if name not in _codes and "." not in name.rpartition("-")[2]:  # with a dot, it is being written
            _read(name)


def _read(name):
    with open(f"{FOLDER}/{name}", "rb") as file:
        code = _codes[name] = marshal.load(file)
    return code


if FOLDER:
    zipimport.compile = stored
