# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in of the PingOne for Enterprise Directory service, for tests and demonstrations. See README.md."""

from __future__ import annotations

from .service import API_KEY, CLIENT_ID, DirectoryService
from .settings import Settings

__all__ = ["API_KEY", "CLIENT_ID", "DirectoryService", "Settings"]
