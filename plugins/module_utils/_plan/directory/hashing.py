# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The hash of a plan, which identifies the approved plan of a check run. Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any

from ..._scim.members import members_of
from ..._scim.tables import GROUP
from ..steps import Step


def plan_hash(steps: Iterable[tuple[Step, list[dict[str, Any]]]], secret_key: bytes) -> str:
    """Return the hash of all steps: their rows, the ids in them, the members of deleted groups, and secrets.

    The hash does not depend on the order of lists in the desired or the current state. Rows mask secrets. The hash
    includes an HMAC of each secret instead: a different password makes a different plan, but the hash does not help to guess
    a password.

    :param steps: each step with its rows.
    """
    digest = hashlib.sha256()
    for step, rows in steps:
        for row in rows:
            digest.update(_canonical({**row, "changes": _unordered(row["changes"])}) + b"\n")
        if step.action == "delete" and step.resource is GROUP:
            # The members of a deleted group have no rows, but they lose their membership.
            digest.update(_canonical(["members", *sorted(members_of(step.before or {}))]) + b"\n")
        for name, value in sorted(step.secrets().items()):
            secret = _canonical([step.resource.kind, step.key, step.id, name, value])
            digest.update(hmac.new(secret_key, secret, "sha256").digest())
        if step.option:
            digest.update(f"option {step.key} {step.option}\n".encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=True, default=str).encode("ascii")


def _unordered(value: Any) -> Any:
    """Return a value whose lists are sorted."""
    if isinstance(value, dict):
        return {name: _unordered(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return sorted((_unordered(inner) for inner in value), key=_canonical)
    return value
