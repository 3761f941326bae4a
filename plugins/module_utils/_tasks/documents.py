# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""What p1_directory and p1_directory_export have in common when they write a document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._core.unicode import INVALID_TEXT, replace_invalid


def valid_document(document: dict[str, Any], warn: Callable[[str], None]) -> dict[str, Any]:
    """Return a document in valid Unicode, with a warning where the directory holds other text."""
    valid: dict[str, Any] = replace_invalid(document)
    if valid is not document:
        warn(INVALID_TEXT)
    return valid
