# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The context of a write: the client, the options, and what the run has done so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from .._core.names import normalize_id, normalize_name
from .._service.lookup import Lookup
from .outcome import Outcome

if TYPE_CHECKING:
    from .._plan.steps import Step
    from .._scim.resource import Resource
    from .._service.client import DirectoryClient

# Seconds to wait before each re-read while a write is not visible yet.
RE_READS = (0.5, 1.0, 2.0)


def read_attempts(client: DirectoryClient, delays: Iterable[float]) -> Iterator[int]:
    """Yield the number of each read attempt: the first without a delay, then one after each delay."""
    for number, delay in enumerate((0, *delays), 1):
        if delay:
            client.sleep(delay)
        yield number


class RunState:
    """What a run has created and removed. All threads of the run share it.

    :param known_ids: the ids of objects that existed before the run.
    :ivar known_ids: the normalized ids of these objects and of those that the run created. If the response to a create
        contains one of them, the create was an update (rule 5).
    :ivar ended: the normalized ids of deleted objects, and (group id, member id) of removed members, which a stale read
        still shows.
    """

    def __init__(self, known_ids: Iterable[str] = ()) -> None:
        self.known_ids = set(map(normalize_id, known_ids))
        self.ended: set[str | tuple[str, str]] = set()
        self._created: dict[tuple[str, str], str] = {}

    def record(self, step: Step, outcome: Outcome) -> None:
        """Record the object that a create made or found, because memberships were planned before it had an id."""
        if step.action == "create" and outcome.representation is not None:
            self._created[step.resource.kind, normalize_name(step.key)] = outcome.representation["id"]

    def created_id(self, kind: str | None, name: str | None) -> str | None:
        """Return the id of the object that the run created with a name, or None."""
        return self._created.get((kind or "", normalize_name(name or "")))

    def without_ended(self, representation: dict[str, Any], key: str) -> dict[str, Any]:
        """Return a representation for a PUT, without the memberships that the run has ended.

        A stale read still shows them. The PUT of a group would restore them, and so would the PUT of a user if the service
        applies the ``groups`` of users.

        :param key: ``members`` or ``groups``.
        """
        items = representation.get(key)
        if not self.ended or not isinstance(items, list):
            return representation
        own = normalize_id(representation["id"])
        return {**representation, key: [item for item in items if not self._has_ended(own, key, item)]}

    def _has_ended(self, own: str, key: str, item: Any) -> bool:
        other = normalize_id(item.get("value") if isinstance(item, dict) else item)
        return other in self.ended or ((own, other) if key == "members" else (other, own)) in self.ended


@dataclass(frozen=True, eq=False)
class Context:
    """The client, the options and the state for writing a step.

    :ivar lookup: finds objects by name after a lost response or a refused create.
    :ivar warn: called with one line.
    :ivar on_ignored: ``fail`` or ``warn``: the action if the service does not store an attribute.
    :ivar state: what the run has done so far.
    :ivar re_reads: seconds to wait before each re-read of a write that is not visible yet.
    :ivar checks_duplicates: whether each create of a group searches for a duplicate; a directory run searches once for all groups.
    """

    client: DirectoryClient
    lookup: Lookup
    warn: Callable[[str], None]
    on_ignored: str = "fail"
    state: RunState = field(default_factory=RunState)
    re_reads: Sequence[float] = RE_READS
    checks_duplicates: bool = True

    def for_thread(self) -> Context:
        """Return a context with a separate lookup, because a lookup caches its reads and is not thread-safe."""
        return replace(self, lookup=Lookup(self.client))

    def attempts(self) -> Iterator[int]:
        """Yield the number of each read attempt, and wait between attempts."""
        return read_attempts(self.client, self.re_reads)

    def search(self, resource: Resource, name: str, thorough: bool = False) -> dict[str, Any] | None:
        """Read and return the object with a name, or None.

        :param thorough: whether to read the whole list, because the service has just contradicted the result of a filter.
        """
        if thorough:
            return self.lookup.from_listing(resource, name)
        self.lookup.forget(resource)
        return self.lookup.called(resource, name)

    def search_repeatedly(self, resource: Resource, name: str, thorough: bool = False) -> dict[str, Any] | None:
        """Return the object with a name. Wait for a list that does not show it yet; the last search is thorough.

        :param thorough: whether the first search is thorough, too.
        """
        for number in self.attempts():
            found = self.search(resource, name, thorough if number == 1 else number > len(self.re_reads))
            if found is not None:
                return found
        return None
