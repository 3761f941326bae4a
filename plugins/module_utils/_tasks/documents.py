# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Functions for writing documents, shared by p1_directory and p1_directory_export."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from .._core import errors
from .._core.unicode import INVALID_TEXT, replace_invalid
from .._documents.files import write_text
from .._documents.schema import COPY_NAME, schema_text
from .._documents.writing import same_content


def valid_document(document: dict[str, Any], warn: Callable[[str], None]) -> dict[str, Any]:
    """Return a document in valid Unicode; warn if the directory contains invalid text."""
    valid: dict[str, Any] = replace_invalid(document)
    if valid is not document:
        warn(INVALID_TEXT)
    return valid


def schema_line(levels: int = 0) -> str:
    """Return the comment in a YAML document that points editors to a copy of the schema, ``levels`` folders further up."""
    return f"yaml-language-server: $schema={'../' * levels}{COPY_NAME}"


def write_schema_copy(folder: str, warn: Callable[[str], None]) -> None:
    """Write the schema next to documents unless it exists. It is optional, so a failure is only a warning."""
    path = os.path.join(folder, COPY_NAME)
    try:
        if not same_content(schema_text(), path):
            write_text(path, schema_text())
    except errors.DirectoryError as error:
        warn(f"{error}. Without the schema, editors do not check the documents")
