# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A seeded directory, a model of its state after each step, and time that passes without waiting.

The tests do not trust the results of modules: they compare :class:`Model` with ``service.dump()``, object by object and
key by key.
"""

from __future__ import annotations

import contextlib
import copy
import importlib.util
import json
import sys
import threading
import time
import unicodedata
from pathlib import Path

from ansible_collections.pingone.directory.plugins.module_utils._http.request import HttpClient

HERE = Path(__file__).resolve().parent


def _unit_conftest():
    """Return the module with ``Playground``; pytest has no name for it that two folders could import."""
    name = "p1_unit_conftest"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, HERE.parent / "conftest.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


Playground = _unit_conftest().Playground
WRITE_VERBS = _unit_conftest().WRITE_VERBS
DirectoryService = _unit_conftest().DirectoryService
Settings = _unit_conftest().Settings

PINGONE = "urn:scim:schemas:com_pingone:1.0"
ENTERPRISE = "urn:scim:schemas:extension:enterprise:1.0"
ADMINISTRATORS = "Domain Administrators"
DANGLING = "99999999-0000-4000-8000-000000000099"  # a member that was deleted long ago

# Attributes that the service itself writes; all others must be unchanged or as desired.
_STAMPS = ("createTimeStamp", "lastModifiedTimeStamp", "state")
_NAMES = ("userName", "displayName")
_BARE_PHOTO = [{"type": "photo"}]


class VirtualTime:
    """A clock that advances on sleep, shared by the client and the rate limit of the service."""

    def __init__(self):
        self._ahead = 0.0
        self._lock = threading.Lock()
        self.slept = []

    def monotonic(self):
        return time.monotonic() + self._ahead

    def sleep(self, seconds):
        with self._lock:
            self._ahead += seconds
            self.slept.append(seconds)

    # The other functions of the module time that the service uses.
    time = staticmethod(time.time)


@contextlib.contextmanager
def virtual_time(*services):
    """Replace the waits of modules, so that none really waits."""
    clock = VirtualTime()
    defaults = HttpClient.__init__.__kwdefaults__
    before = {name: defaults[name] for name in ("clock", "sleep")}
    modules = {sys.modules[type(service).__module__] for service in services}
    defaults.update(clock=clock.monotonic, sleep=clock.sleep)
    for module in modules:
        module.time = clock
    try:
        yield clock
    finally:
        defaults.update(before)
        for module in modules:
            module.time = time


def _without_empties(value):
    """Return a value without its empty parts: in SCIM, "" and [] are the same as no value."""
    if isinstance(value, dict):
        parts = {key: _without_empties(part) for key, part in value.items()}
        return {key: part for key, part in parts.items() if part not in (None, "", [], {})}
    if isinstance(value, list):
        return [_without_empties(item) for item in value]
    return value


def plain(representation, form=None):
    """Return a user or group without memberships and without attributes that only the service writes.

    :param form: the Unicode form for comparing names, if the service normalizes them; None: unchanged.
    """
    kept = {
        key: value
        for key, value in representation.items()
        if key not in ("id", "meta", "schemas", "groups", "members") and not (key == "photos" and value == _BARE_PHOTO)
    }
    extension = kept.get(PINGONE)
    if isinstance(extension, dict):
        kept[PINGONE] = {key: value for key, value in extension.items() if key not in _STAMPS}
    if form is not None:
        kept.update((key, unicodedata.normalize(form, kept[key])) for key in _NAMES if isinstance(kept.get(key), str))
    return _without_empties(kept)


class Model:
    """The expected state: users and groups by id, members as sets of ids, passwords, and the number of mails.

    :param form: see :func:`plain`.
    """

    def __init__(self, dump, form=None):
        self.users = {user_id: plain(user, form) for user_id, user in dump["users"].items()}
        self.groups = {group_id: plain(group, form) for group_id, group in dump["groups"].items()}
        self.members = {
            group_id: {member["value"] for member in group["members"]} for group_id, group in dump["groups"].items()
        }
        self.created = {
            object_id: item["meta"]["created"] for kind in ("users", "groups") for object_id, item in dump[kind].items()
        }
        self.passwords = dict(dump["passwords"])
        self.mails = len(dump["mails"])

    def differences(self, other):
        """Return the differences to another model as texts."""
        found = []
        for what in ("users", "groups"):
            mine, theirs = getattr(self, what), getattr(other, what)
            for object_id in sorted(mine.keys() | theirs.keys()):
                if mine.get(object_id) != theirs.get(object_id):
                    found.append(f"{what} {object_id}: {_text(mine.get(object_id))} != {_text(theirs.get(object_id))}")
        for group_id in sorted(self.members.keys() | other.members.keys()):
            mine, theirs = self.members.get(group_id, set()), other.members.get(group_id, set())
            if mine != theirs:
                found.append(
                    f"members of {self._name(group_id)}: lacks {[self._name(each) for each in sorted(mine - theirs)]}, "
                    f"has beside them {[other._name(each) for each in sorted(theirs - mine)]}"
                )
        for object_id in self.created.keys() & other.created.keys():
            if self.created[object_id] != other.created[object_id]:
                found.append(f"{self._name(object_id)} was made anew")
        if self.passwords != other.passwords:
            found.append("other passwords")
        if self.mails != other.mails:
            found.append(f"{self.mails} mails != {other.mails}")
        return found

    def _name(self, object_id):
        item = self.users.get(object_id) or self.groups.get(object_id) or {}
        return item.get("userName") or item.get("displayName") or object_id

    # -- changes by steps --------------------------------------------------------------------------

    def user_id(self, name):
        return _only([key for key, user in self.users.items() if user["userName"] == name], name)

    def group_id(self, name):
        return _only([key for key, group in self.groups.items() if group["displayName"] == name], name)

    def user(self, name):
        return self.users[self.user_id(name)]

    def group(self, name):
        return self.groups[self.group_id(name)]

    def add(self, group, *users, groups=()):
        self.members[self.group_id(group)] |= {self.user_id(name) for name in users} | {
            self.group_id(name) for name in groups
        }

    def remove(self, group, *users, groups=()):
        self.members[self.group_id(group)] -= {self.user_id(name) for name in users} | {
            self.group_id(name) for name in groups
        }

    def drop_user(self, name, dangling):
        self._drop(self.user_id(name), self.users, dangling)

    def drop_group(self, name, dangling):
        group_id = self.group_id(name)
        self._drop(group_id, self.groups, dangling)
        del self.members[group_id]

    def _drop(self, object_id, objects, dangling):
        del objects[object_id], self.created[object_id]
        self.passwords.pop(object_id, None)
        if not dangling:
            for members in self.members.values():
                members.discard(object_id)

    def new(self, made, kind, name, /, **attributes):
        """Add an object that the step created; take its id and the stamps from the service, and nothing else."""
        objects, key = (made.users, "userName") if kind == "user" else (made.groups, "displayName")
        object_id = _only([each for each, item in objects.items() if item[key] == name], name)
        assert object_id not in self.created, f"{name} was there before"
        body = {key: name, **attributes}
        extension = {part: objects[object_id][PINGONE][part] for part in ("accountId", "directoryId")}
        body[PINGONE] = {**extension, **attributes.get(PINGONE, {})}
        if kind == "user":
            body.setdefault("active", True)
            self.users[object_id] = body
        else:
            self.groups[object_id] = body
            self.members[object_id] = set()
        self.created[object_id] = made.created[object_id]
        return object_id


def _only(found, name):
    assert len(found) == 1, f"{len(found)} are called {name!r}"
    return found[0]


def _text(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def inherited(model):
    """Return for each group the users that are members through another group."""
    found = {}
    for group_id in model.groups:
        seen, queue = set(), [group_id]
        while queue:
            each = queue.pop()
            for member in model.members.get(each, ()):
                if member in model.groups and member not in seen:
                    seen.add(member)
                    queue.append(member)
        found[group_id] = {member for each in seen for member in model.members.get(each, ()) if member in model.users}
    return found


ODD = 'o\'dd+"name"\\ \u00fc&%=#?/@example.com'
COMMA = "Teams: north, south/\u00fcber"


def enabled(settings, attribute):
    """Return whether an attribute that is off by default is enabled in this directory."""
    return "all" in settings.enabled_list or attribute in settings.enabled_list


def seed(service):
    """Add users and groups; every step of the scenario has its own."""
    settings = service.settings

    def user(name, **more):
        local = name.partition("@")[0]
        body = {
            "userName": name,
            "name": {"givenName": local.capitalize(), "familyName": "Example", "middleName": "M."},
            "emails": [
                {"value": name if name != ODD else "odd@example.com", "type": "work", "primary": True},
                {"value": f"home-{len(name)}@example.net", "type": "home"},
            ],
            "userType": "staff",
        }
        # Attributes that no test manages, if this service stores them
        if enabled(settings, "x509Certificates"):
            body["x509Certificates"] = [{"value": "TUlJQg==", "display": "laptop"}]
        if enabled(settings, "title"):
            body["title"] = "Engineer"
        if settings.unknown_keys == "kept":
            body["urn:example:other:1.0"] = {"badge": 7, "flags": [True, 1.5, "x"]}
        extension = {"passwordExpired": True}
        return {**body, PINGONE: extension, **more}

    names = [f"u{number:02}@example.com" for number in range(1, 7)]
    people = [
        "ann@example.com",
        "bea@example.com",
        "cal@example.com",
        "dee@example.com",
        "eli@example.com",
        "fay@example.com",
        "gus@example.com",
        "hal@example.com",
        "ida@example.com",
        "Jo@Example.com",
        "leaver@example.com",
        "dir-rename@example.com",
        "dir-leaver@example.com",
        "dir-off@example.com",
        "dir-update@example.com",
        "dir-moved@example.com",
        "scope-a@example.com",
        "scope-b@example.com",
    ]
    users = [user(name) for name in names + people]
    users.append(user(ODD))
    for each in users:
        if each["userName"] == "dee@example.com":
            each["externalId"] = "hr:dee"
        if each["userName"].startswith("scope-"):
            each["userType"] = "scoped"
    service.seed(
        users,
        [
            {
                "displayName": "Team",
                "members": ["ann@example.com", "bea@example.com", "u01@example.com", {"value": DANGLING, "type": "user"}],
            },
            {"displayName": "Division", "members": ["Team", "u02@example.com"]},
            {"displayName": "Exact", "members": ["u01@example.com", "u02@example.com", "u03@example.com", "Team"]},
            {"displayName": "Emptied", "members": ["u01@example.com", "u02@example.com"]},
            {"displayName": "Crowd", "members": ["u06@example.com"]},
            {"displayName": COMMA, "members": ["u01@example.com", ODD, "Team"]},
            {"displayName": "Obsolete", "members": ["u01@example.com", "leaver@example.com"]},
            {"displayName": "Alpha", "members": ["u04@example.com"]},
            {"displayName": "Beta", "members": ["u04@example.com", "dir-moved@example.com", "dir-leaver@example.com"]},
            {"displayName": "Gamma", "members": ["u05@example.com"]},
            {"displayName": "Scope one", "members": ["u05@example.com", "scope-a@example.com"]},
            {"displayName": "Scope two", "members": ["scope-b@example.com"]},
        ],
    )


class Refused(Exception):
    """A module failed unexpectedly."""


class World:
    """A running service, the modules, and the expected state.

    :param folder: the folder for journals, backups and exports.
    """

    def __init__(self, service, folder):
        self.service = service
        self.folder = folder
        seed(service)
        self.play = Playground(service)
        self.model = self.now()
        self._known = self.model  # the state of the service after the last run

    @property
    def settings(self):
        """Return the current switches."""
        return self.service.settings

    def now(self):
        """Return the current state of the service."""
        # All names of the scenario are composed; a service that normalizes may show either form.
        return Model(self.service.dump(), "NFC" if self.settings.names in ("nfc", "nfd") else None)

    def catch_up(self):
        """Wait until every read shows every write."""
        self.service._staleness.clear()  # pylint: disable=protected-access

    def run(self, module, **options):
        """Run a module; even after a failure, ``changed`` must match the state of the service."""
        before = self._known
        check = options.get("check", False)
        result = self.play.run(module, **options)
        after = self._known = self.now()
        differs = self._differences(before, after)
        if check:
            assert not differs, f"a check run changed something: {differs}"
        elif result.get("failed"):
            # Options that Ansible itself refuses have no ``changed``.
            reported = result.get("changed", False)
            assert reported == bool(differs), f"changed is {reported}: {differs}; {result['msg']}"
        return result

    def expect(self, module, effect, *, changed=True, before_again=lambda: None, **options):
        """Require success: in check mode, for real, and again without a change.

        :param effect: called with the model (to change) and the current state of the service; None: no effect.
        :param before_again: called before the second run.
        """
        checked = self.run(module, check=True, **options)
        if checked.get("failed"):
            raise Refused(checked["msg"])
        assert checked["changed"] is changed, f"check mode: changed={checked['changed']}"
        self.catch_up()
        done = self.run(module, **options)
        self.catch_up()
        if done.get("failed"):
            raise Refused(done["msg"])
        assert done["changed"] is changed, f"changed={done['changed']}, in check mode {checked['changed']}"
        assert set(done) == set(checked), f"other result keys in check mode: {set(done) ^ set(checked)}"
        self.compare(effect)
        before_again()
        again = self.run(module, **options)
        if again.get("failed"):
            raise Refused(again["msg"])
        sent = [entry for entry in again["sent"] if entry["method"] in WRITE_VERBS]
        assert not sent, f"the second run wrote: {[(entry['method'], entry['path'], entry['body']) for entry in sent]}"
        assert again["changed"] is False, "the second run says changed"
        return done

    def compare(self, effect=None):
        """Compare the state of the service after the last run with the whole model."""
        now = self._known
        desired_values = copy.deepcopy(self.model)
        if effect is not None:
            effect(desired_values, now)
        differs = self._differences(desired_values, now)
        assert not differs, f"not as desired (desired != found): {'; '.join(differs)}"
        self.model = now

    def _differences(self, before, after):
        if self.settings.put_groups == "applied" and self.settings.user_groups == "nested":
            # A service that applies the groups in the PUT of a user, and shows inherited ones among them, makes
            # those direct: see DIRECT_BY_PUT in matrix_rules.
            before = copy.deepcopy(before)
            for group_id, users in inherited(before).items():
                before.members[group_id] |= users & after.members.get(group_id, set())
        return before.differences(after)

    def refused(self, module, words, *, in_check_mode=True, effect=None, **options):
        """Require a failure with a message that matches, and no effect except the given one."""
        import re

        if in_check_mode:
            checked = self.run(module, check=True, **options)
            assert checked.get("failed"), f"check mode did not fail: {checked}"
        result = self.run(module, **options)
        self.catch_up()
        assert result.get("failed"), f"did not fail: {result}"
        assert re.search(words, result["msg"], re.IGNORECASE), f"{words!r} is not in: {result['msg']}"
        self.compare(effect)
        return result
