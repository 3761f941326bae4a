# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulator of the PingOne for Enterprise Directory service, for tests and demonstrations. See README.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .service import API_KEY, CLIENT_ID, DirectoryService
    from .settings import Settings

__all__ = ["API_KEY", "CLIENT_ID", "DirectoryService", "Settings"]


def __getattr__(name: str) -> Any:
    """Import an exported name on first use, so that __main__ can report missing packages."""
    if name not in __all__:
        raise AttributeError("module %s has no attribute %s" % (__name__, name))
    from . import service

    return getattr(service, name)
