# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Decide which memberships the role group_access grants and revokes, and when it refuses. Pure.

The role looks up all users and groups before the first write, so that a mistyped name does not leave a partial change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...module_utils._core.names import normalize_name
from .answers import Answers, Refusal, not_allowed
from .results import only_planned

PREFIX = "group_access_"


@dataclass(frozen=True)
class Membership:
    """A user and a group, by name as entered."""

    user_name: str
    group: str

    @property
    def shown(self) -> str:
        """Return the pair as messages show it."""
        return f"{self.user_name}: {self.group}"

    @property
    def key(self) -> tuple[str, str]:
        """Return the pair with normalized names, for comparisons."""
        return normalize_name(self.user_name), normalize_name(self.group)

    def as_result(self) -> dict[str, str]:
        """Return the pair as an entry of ``group_access_result``."""
        return {"user_name": self.user_name, "group": self.group}


@dataclass(frozen=True)
class AccessRequest:
    """The requested memberships; ``on_unknown`` is ``fail``, ``warn`` or ``ignore``."""

    grants: tuple[Membership, ...]
    revocations: tuple[Membership, ...]
    on_unknown: str

    @classmethod
    def read(cls, answers: Answers) -> AccessRequest:
        """Read the request from the variables of the role.

        :raises Refusal: the variables are invalid, contradict each other, or name a group that is not allowed.
        """
        grants, revocations = (
            tuple(Membership(**pair) for pair in answers.pairs(name, "user_name", "group")) for name in ("grant", "revoke")
        )
        allowed = answers.names("allowed_groups")
        granted = {pair.key for pair in grants}
        twice = [pair.shown for pair in revocations if pair.key in granted]
        if twice:
            raise Refusal(f"{PREFIX}grant and {PREFIX}revoke both contain {'; '.join(twice)}; nothing was done")
        request = cls(grants, revocations, answers.text("on_unknown", "warn"))
        refused = not_allowed(request.groups, allowed)
        if refused:
            raise Refusal(f"{PREFIX}allowed_groups does not allow {'; '.join(refused)}; nothing was done")
        return request

    @property
    def groups(self) -> list[str]:
        """Return the names of the groups, without duplicates."""
        return list(dict.fromkeys(pair.group for pair in (*self.grants, *self.revocations)))

    @property
    def users(self) -> list[str]:
        """Return the names of the users, without duplicates."""
        return list(dict.fromkeys(pair.user_name for pair in (*self.grants, *self.revocations)))


def require_ordinary_groups(groups: Iterable[Mapping[str, Any]]) -> None:
    """Refuse groups whose members are administrators.

    :param groups: groups as ``p1_group_info`` returns them with ``effective: true``.
    :raises Refusal: the members of a group are administrators.
    """
    administering = [group["display_name"] for group in groups if group.get("administers")]
    if administering:
        raise Refusal(
            f"The members of {'; '.join(administering)} are administrators; nothing was done. "
            f"Omit these groups from {PREFIX}grant and {PREFIX}revoke"
        )


def require_known(
    request: AccessRequest, group_counts: Mapping[str, int], users: Mapping[str, int]
) -> tuple[Membership, ...]:
    """Return the pairs to revoke whose user does not exist.

    :param group_counts: the number of groups found for each requested name.
    :param users: the number of users found for each requested name.
    :raises Refusal: a group does not exist or is ambiguous, a user to grant does not exist, or a user to revoke does not
        exist and ``on_unknown`` is ``fail``.
    """
    missing = [name for name, count in group_counts.items() if count == 0]
    several = [name for name, count in group_counts.items() if count > 1]
    grants, revocations = (
        tuple(pair for pair in pairs if users.get(pair.user_name) == 0)
        for pairs in (request.grants, request.revocations)
    )
    reasons = []
    if missing:
        reasons.append(f"No such group: {'; '.join(missing)}")
    if several:
        reasons.append(f"Several groups have the same name: {'; '.join(several)}")
    if grants:
        reasons.append(f"No such user to grant: {_shown(grants)}")
    if revocations and request.on_unknown == "fail":
        reasons.append(f"No such user to revoke: {_shown(revocations)}")
    if reasons:
        raise Refusal(f"{'. '.join(reasons)}. Nothing was done. Check the names")
    return revocations


def _shown(pairs: Iterable[Membership]) -> str:
    return "; ".join(pair.shown for pair in pairs)


def _by_group(pairs: Iterable[Membership]) -> list[dict[str, Any]]:
    """Return one dictionary of ``group`` and ``users`` for each group."""
    users: dict[str, list[str]] = {}
    for pair in pairs:
        users.setdefault(pair.group, []).append(pair.user_name)
    return [{"group": group, "users": names} for group, names in users.items()]


def _counts(results: Sequence[Mapping[str, Any]], kind: str, item: str) -> dict[str, int]:
    """Return the number of objects that each look-up found, by name."""
    return {result[item]: int(result.get("total") or len(result.get(kind) or ())) for result in results}


def _changed(results: Iterable[Mapping[str, Any]], key: str, item: str) -> list[dict[str, str]]:
    """Return a pair for each member that was added or removed. Failed results have none."""
    return [
        Membership(member["name"], result[item]["group"]).as_result()
        for result in results
        for member in result.get(key) or ()
    ]


def access(
    values: Mapping[str, Any],
    groups: Sequence[Mapping[str, Any]] | None = None,
    users: Sequence[Mapping[str, Any]] | None = None,
    item: str = "item",
) -> dict[str, Any]:
    """Decide what the role does next.

    :param values: the variables of the role, without their prefix.
    :param groups: the results of looking up each group, or None before the look-up.
    :param users: the results of looking up each user, or None before the look-up.
    :param item: the key of a result that contains the name.
    :returns: only ``refusal`` if the role refuses the request. Otherwise, ``refusal`` is empty, and ``groups`` and
        ``users`` are the names to look up. After both look-ups, the result also contains ``grant`` and ``revoke`` (lists
        of dictionaries of ``group`` and ``users``), ``unknown`` (the pairs to revoke whose user does not exist) and
        ``warning``.
    """
    try:
        request = AccessRequest.read(Answers(PREFIX, values))
        require_ordinary_groups(group for result in groups or () for group in result.get("groups") or ())
        unknown: tuple[Membership, ...] = ()
        if groups is not None and users is not None:
            unknown = require_known(request, _counts(groups, "groups", item), _counts(users, "users", item))
    except Refusal as refusal:
        return {"refusal": str(refusal)}
    decision: dict[str, Any] = {"refusal": "", "groups": request.groups, "users": request.users}
    if groups is not None and users is not None:
        decision |= {
            "grant": _by_group(request.grants),
            "revoke": _by_group(pair for pair in request.revocations if pair not in unknown),
            "unknown": [pair.as_result() for pair in unknown],
            "warning": "",
        }
        if unknown and request.on_unknown == "warn":
            decision["warning"] = (
                f"Warning: no such user to revoke: {_shown(unknown)}. "
                "Check the names: the intended user may still be in the group"
            )
    return decision


def access_report(
    values: Mapping[str, Any],
    unknown: Sequence[Mapping[str, str]],
    granting: Mapping[str, Any],
    revoking: Mapping[str, Any],
    item: str = "item",
    check_mode: bool = False,
) -> dict[str, Any]:
    """Return the actual changes as ``granted``, ``revoked`` and ``unknown``, and the last line of the role as ``report``.

    :param granting: the result of the task that adds members; empty if it did not run.
    :param revoking: the result of the task that removes members; empty if it did not run.
    """
    request = AccessRequest.read(Answers(PREFIX, values))
    granted = _changed(granting.get("results") or (), "added", item)
    revoked = _changed(revoking.get("results") or (), "removed", item)
    line = "Check mode, nothing is written: " if check_mode or only_planned((granting, revoking)) else ""
    line += f"granted {len(granted)} of {len(request.grants)}, revoked {len(revoked)} of {len(request.revocations)}"
    if unknown:
        line += f"; no such user: {len(unknown)}"
    if granting.get("failed") or revoking.get("failed"):
        line += "; NOT COMPLETE: a group could not be changed, as reported above. Fix the cause and run again"
    elif len(granted) + len(revoked) + len(unknown) < len(request.grants) + len(request.revocations):
        line += "; the others were already as requested"
    return {"granted": granted, "revoked": revoked, "unknown": list(unknown), "report": line}
