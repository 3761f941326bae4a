# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Decide what the role user_onboard adds to an account; it changes no existing value. Pure, except for a random password."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .account import Account, found_account
from .answers import Answers, Refusal, not_allowed
from .results import only_planned

PREFIX = "user_onboard_"

# Valid keys of user_onboard_attributes: attributes without their own variable. Options that control p1_user, such as
# update_password, are not valid, because a form must not be able to set the password of another user.
ATTRIBUTES = (
    "addresses",
    "attributes",
    "display_name",
    "emails",
    "enterprise",
    "entitlements",
    "locale",
    "name",
    "nick_name",
    "phone_numbers",
    "preferred_language",
    "profile_url",
    "timezone",
    "title",
    "user_type",
)
MULTI_VALUED = ("addresses", "emails", "entitlements", "phone_numbers")

# Meets common password policies: every class of characters, but no characters that are often rejected.
PASSWORD_CLASSES = ((string.ascii_uppercase, 10), ("-_.!", 2), (string.ascii_lowercase, 10), (string.digits, 6))


@dataclass(frozen=True)
class Onboarding:
    """The request of the user who runs the role.

    :ivar attributes: values by ``p1_user`` option, without the name and the email address.
    :ivar name: the parts of the person's name.
    """

    user_name: str
    external_id: str
    email: str
    groups: tuple[str, ...]
    default_group: str
    attributes: Mapping[str, Any]
    name: Mapping[str, Any]
    password: str
    password_mail: bool
    reactivate: bool
    allow_administrator: bool

    @classmethod
    def read(cls, answers: Answers) -> Onboarding:
        """Read the request from the variables of the role.

        :raises Refusal: a variable is invalid.
        """
        groups = answers.names("groups")
        allowed = answers.names("allowed_groups")
        attributes = answers.dictionary("attributes", ATTRIBUTES)
        user_name, email, default_group = (answers.text(name) for name in ("user_name", "email", "default_group"))
        if not user_name:
            raise Refusal(f"{PREFIX}user_name is missing. Set it to the name that the person signs on with")
        if email and "emails" in attributes:
            raise Refusal(f"{PREFIX}email and emails in {PREFIX}attributes are both set. Set only one of them")
        name = attributes.pop("name", {})
        if not isinstance(name, dict):
            raise Refusal(f"name in {PREFIX}attributes must be a dictionary")
        refused = not_allowed([*groups, *([default_group] if default_group else [])], allowed)
        if refused:
            raise Refusal(f"{PREFIX}allowed_groups does not allow {'; '.join(refused)}; nothing was done")
        given = {part: answers.text(part) for part in ("given_name", "family_name")}
        return cls(
            user_name=user_name,
            external_id=answers.text("external_id"),
            email=email,
            groups=tuple(groups),
            default_group=default_group,
            attributes=attributes,
            name={**name, **{part: value for part, value in given.items() if value}},
            password=str(answers.values.get("password") or ""),
            password_mail=answers.truth("password_mail"),
            reactivate=answers.truth("reactivate"),
            allow_administrator=answers.truth("allow_administrator"),
        )

    def desired(self, account: Account | None) -> dict[str, Any]:
        """Return all requested attributes by ``p1_user`` option."""
        desired = dict(self.attributes)
        if self.name:
            desired["name"] = self.name
        if self.email:
            primary = account is None or not account.attributes.get("emails")
            desired["emails"] = [{"value": self.email, "type": "work", "primary": primary}]
        return desired


def require_same_person(asked: Onboarding, account: Account) -> None:
    """Refuse the account of another person. Compare the external ids if both are known, otherwise the names.

    :raises Refusal: the account belongs to another person.
    """
    label = label_of(account)
    if account.external_id and asked.external_id:
        if account.external_id == asked.external_id:
            return
        raise Refusal(
            f"The account {label} has the external_id {account.external_id}, not {asked.external_id}: it belongs to another person, "
            f"and nothing was done. Choose another {PREFIX}user_name for this person"
        )
    had = account.attributes.get("name") or {}
    if any(_differs(had.get(part), asked.name.get(part)) for part in ("given_name", "family_name")):
        same = f"leave the names empty{' or set user_onboard_external_id to that of the account' if account.external_id else ''}"
        raise Refusal(
            f"The account {label} belongs to {_full_name(had)}, not to {_full_name(asked.name)}; nothing was done. "
            f"For another person, choose another {PREFIX}user_name. For the same person, {same}"
        )


def require_usable(asked: Onboarding, account: Account) -> None:
    """Refuse the account of another person; also an administrator and a disabled account, unless the variables allow them.

    The person is checked first, so that no message advises the user to reactivate another person's account.

    :raises Refusal: the role must not change the account.
    """
    label = label_of(account)
    require_same_person(asked, account)
    account.require_administrator_allowed(label, asked.allow_administrator, f"{PREFIX}allow_administrator")
    if not account.active and not asked.reactivate:
        raise Refusal(
            f"The account {label} exists and is disabled; nothing was done. "
            f"If it belongs to this person, set {PREFIX}reactivate: true"
        )


def label_of(account: Account) -> str:
    """Return the name and id of an account for messages."""
    return f"{account.user_name} ({account.id})"


def _differs(had: Any, given: Any) -> bool:
    return bool(had) and bool(given) and str(had).lower() != str(given).lower()


def _full_name(name: Mapping[str, Any]) -> str:
    return " ".join(str(name[part]) for part in ("given_name", "family_name") if name.get(part))


# -- What is added ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Additions:
    """The attributes to add to an account.

    :ivar fill: values by ``p1_user`` option; a multi-valued attribute contains the current values, then the new ones.
    :ivar left: the attributes that keep a different value.
    """

    fill: Mapping[str, Any]
    left: tuple[str, ...]


def additions(desired: Mapping[str, Any], current: Mapping[str, Any]) -> Additions:
    """Compare the desired attributes with the current ones, and return the attributes to add.

    :param desired: values by ``p1_user`` option.
    :param current: the user as ``p1_user_info`` returns it; empty for a new user.
    """
    fill: dict[str, Any] = {}
    left: list[str] = []
    for key, given in sorted(desired.items()):
        had = current.get(key)
        if key in MULTI_VALUED:
            rows = had if isinstance(had, list) else []
            new = _new_values(given, rows)
            if new:
                fill[key] = rows + new
        elif isinstance(given, Mapping):
            parts = had if isinstance(had, Mapping) else {}
            unset = {part: value for part, value in given.items() if parts.get(part) in (None, "")}
            if unset:
                fill[key] = unset
            left += [f"{key}.{part}" for part in sorted(given.keys() - unset.keys()) if _other(parts[part], given[part])]
        elif had in (None, ""):
            fill[key] = given
        elif _other(had, given):
            left.append(key)
    return Additions(fill, tuple(left))


def _other(had: Any, given: Any) -> bool:
    return had != given and str(had) != str(given)


def _new_values(given: Any, rows: list[Any]) -> list[Any]:
    """Return the new values of a multi-valued attribute, without ``primary`` if a current value is primary."""
    values = {str(row["value"]).lower() for row in rows if isinstance(row, Mapping) and row.get("value") is not None}
    has_primary = any(isinstance(row, Mapping) and row.get("primary") for row in rows)
    new = []
    for row in given if isinstance(given, list) else [given]:
        if not isinstance(row, Mapping):
            new.append(row)
            continue
        plain = {key: value for key, value in row.items() if key != "primary"}
        if row.get("value") is not None:
            known = str(row["value"]).lower() in values
        else:
            known = any(isinstance(had, Mapping) and {**had, **plain} == had for had in rows)
        if not known:
            new.append(plain if has_primary else dict(row))
    return new


# -- The password and the report --------------------------------------------------------------------------


def sets_password(account: Account | None) -> bool:
    """Return whether to set a password: for a new account, and for a disabled one, whose former owner may know the password."""
    return account is None or not account.active


def random_password() -> str:
    """Return a random password of 28 characters. The role neither shows nor stores it."""
    return "".join(secrets.choice(characters) for characters, count in PASSWORD_CLASSES for unused in range(count))


def report(
    asked: Onboarding, account: Account | None, left: tuple[str, ...], result: Mapping[str, Any], check_mode: bool
) -> str:
    """Return the last line of the role.

    :param left: the attributes that keep a different value.
    :param result: the result of ``p1_user``.
    """
    user = result.get("user") or {}
    groups = "; ".join(group["display_name"] for group in user.get("member_of") or [])
    none = "the default groups of new accounts" if check_mode and account is None else "none"
    notes = [_change(account, bool(result.get("changed"))), _password_note(asked, account)]
    if account is not None:
        if asked.password_mail:
            notes.append("NO LINK IS MAILED: the service mails links only for new accounts")
        if left:
            notes.append(f"attributes left unchanged: {', '.join(left)}")
        notes.append(f"groups before: {'; '.join(group.name for group in account.groups) or 'none'}")
    notes.append(f"groups{'' if account is None else ' now'}: {groups or none}")
    start = "Check mode, nothing is written: " if check_mode else ""
    return f"{start}Account {user.get('user_name', asked.user_name)} {'; '.join(note for note in notes if note)}"


def _change(account: Account | None, changed: bool) -> str:
    if account is None:
        return "is created"
    if not account.active:
        return "is reactivated"
    return f"existed and is {'changed' if changed else 'unchanged'}"


def _password_note(asked: Onboarding, account: Account | None) -> str:
    if not sets_password(account):
        return "PASSWORD NOT CHANGED: a password is set only on new and reactivated accounts" if asked.password else ""
    if asked.password:
        return "the given password is set"
    random = f"a {'random password' if account is None else 'new random password'} is set and not shown"
    if account is None and asked.password_mail:
        return f"{random}, and the service mails a link to set one"
    return f"{random}, so the user cannot sign on until a password is set"


def onboarding(
    values: Mapping[str, Any],
    found: Mapping[str, Any] | None = None,
    result: Mapping[str, Any] | None = None,
    check_mode: bool = False,
) -> dict[str, Any]:
    """Decide what the role does next. Each of ``found`` and ``result`` is None until its task has run.

    :param values: the variables of the role, without their prefix.
    :param found: the result of looking up the account.
    :param result: the result of ``p1_user``.
    :returns: only ``refusal`` if the role refuses the request. Otherwise, ``refusal`` is empty, and ``user_name``,
        ``external_id``, ``groups`` and ``default_group`` come from the variables. After the look-up, the result also
        contains ``fill`` and ``left`` (see :class:`Additions`), ``reactivate`` and ``password`` (empty if the role sets no
        password); with ``result``, also ``report``.
    """
    try:
        asked = Onboarding.read(Answers(PREFIX, values))
        account = found_account(found, asked.user_name) if found is not None else None
        if account is not None:
            require_usable(asked, account)
    except Refusal as refusal:
        return {"refusal": str(refusal)}
    decision: dict[str, Any] = {
        "refusal": "",
        "user_name": asked.user_name,
        "external_id": asked.external_id,
        "groups": list(asked.groups),
        "default_group": asked.default_group,
    }
    if found is not None:
        added = additions(asked.desired(account), account.attributes if account else {})
        decision |= {
            "fill": dict(added.fill),
            "left": list(added.left),
            "reactivate": account is not None and not account.active,
            "password": (asked.password or random_password()) if sets_password(account) else "",
        }
        if result is not None:
            decision["report"] = report(asked, account, added.left, result, check_mode or only_planned([result]))
    return decision
