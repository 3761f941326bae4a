# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of the service, without HTTP."""

from __future__ import annotations

from .actions import Actions
from .attributes import GROUP, USER
from .context import Context
from .groups import Groups
from .members import Members
from .reads import Reads
from .settings import Settings
from .staleness import Staleness
from .store import Store
from .users import Users
from .writes import Writes


class Directory:
    """The operations of the API under the settings of one request."""

    def __init__(self, store: Store, settings: Settings, staleness: Staleness, base_url: str) -> None:
        context = Context(store, settings, staleness, base_url)
        members = Members(context)
        self.reads = Reads(context)
        self.writes: dict[str, Writes] = {USER: Users(context, members), GROUP: Groups(context, members)}
        self.actions = Actions(context, members)
