# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""The people behind user names: the name, email address, creation and last sign-on that reports show next to a user name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from ..module_utils._core.dates import moment_text, parse_moment
from ..module_utils._core.names import normalize_id, normalize_name
from ..module_utils._scim.people import person_email, person_name
from ._values import plain, shown, text_or_none


class Person(TypedDict):
    """The person behind a user name. Unknown values are None; times are ISO 8601 strings."""

    display_name: str | None
    email: str | None
    created: str | None
    last_login: str | None


class People:
    """Find a person by the id or the name of the account.

    :param rows: dictionaries of ``id``, ``user_name``, ``display_name``, ``email``, ``created`` and ``last_login``, as the
        result and the journal of p1_directory contain them.
    """

    def __init__(self, rows: Iterable[Any] = ()) -> None:
        self._by_id: dict[str, Person] = {}
        self._by_name: defaultdict[str, list[Person]] = defaultdict(list)
        for row in rows:
            found = _person(row, row.get("display_name"), row.get("email")) if isinstance(row, dict) else None
            if found is not None:
                self._by_id[normalize_id(text_or_none(row.get("id")))] = found
                self._by_name[normalize_name(shown(row.get("user_name")))].append(found)

    def has(self, user_id: str) -> bool:
        """Return whether the person with an id is known."""
        return normalize_id(user_id) in self._by_id

    def find(self, user_id: str | None, name: str | None) -> Person | None:
        """Return the person with this id or, if no id is given, the only person with this name; otherwise None."""
        if user_id:
            return self._by_id.get(normalize_id(user_id))
        named = self._by_name.get(normalize_name(name or ""), [])
        return named[0] if len(named) == 1 else None


def person_of_options(options: Mapping[str, Any]) -> Person | None:
    """Return the person behind a user in option shape, or None if the user has no personal data."""
    return _person(options, person_name(options), person_email(options))


def person_of_changes(changes: Mapping[str, Any]) -> Person | None:
    """Return the person behind an account to be created.

    :param changes: values by option name; the parts of a compound option follow a dot (``name.given_name``).
    """
    options: dict[str, Any] = {}
    for dotted, value in changes.items():
        name, _dot, part = dotted.partition(".")
        inner = options.setdefault(name, {}) if part else None
        if not part:
            options[name] = value
        elif isinstance(inner, dict):
            inner[part] = value
    return person_of_options(options)


def identity_texts(person: Person | None) -> list[str]:
    """Return the known ones of a person's name and email address."""
    return [text for text in (person["display_name"], person["email"]) if text] if person else []


def account_dates(person: Person | None) -> list[str]:
    """Return the known dates of a person's account as text: the creation and the last sign-on."""
    if person is None:
        return []
    created, last_login = person["created"], person["last_login"]
    signed_on = f"last sign-on {_day(last_login)}" if last_login else "no sign-on recorded" if created else ""
    return [text for text in (f"created {_day(created)}" if created else "", signed_on) if text]


def person_line(person: Person | None) -> str:
    """Return everything that is known about a person as one line."""
    return ", ".join([*identity_texts(person), *account_dates(person)])


def _person(times: Mapping[str, Any], display_name: Any, email: Any) -> Person | None:
    created, last_login = _time(times.get("created")), _time(times.get("last_login"))
    display_name, email = text_or_none(plain(display_name)), text_or_none(plain(email))
    if not (display_name or email or created or last_login):
        return None
    return {"display_name": display_name, "email": email, "created": created, "last_login": last_login}


def _time(value: Any) -> str | None:
    moment = parse_moment(value) if value else None
    return moment_text(moment) if moment else text_or_none(plain(value))


def _day(time: str) -> str:
    moment = parse_moment(time)
    return moment.date().isoformat() if moment else time
