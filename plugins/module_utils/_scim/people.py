# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Select the name and the email address of a user to show to people. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def person_name(options: Mapping[str, Any]) -> str | None:
    """Return the name of a user in option shape: the display name, or else the formatted or composed name."""
    name = options.get("name")
    parts = name if isinstance(name, Mapping) else {}
    composed = " ".join(text for text in (_text(parts.get("given_name")), _text(parts.get("family_name"))) if text)
    return _text(options.get("display_name")) or _text(parts.get("formatted")) or composed or None


def person_email(options: Mapping[str, Any]) -> str | None:
    """Return the email address of a user in option shape: the primary one, or else the work address, or else the first."""
    emails = options.get("emails")
    found = [item for item in emails if isinstance(item, Mapping) and _text(item.get("value"))] if isinstance(emails, list) else []
    chosen = sorted(found, key=lambda item: (item.get("primary") is not True, item.get("type") != "work"))
    return _text(chosen[0]["value"]) if chosen else None


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
